#include "frontend/expand_text.h"

#include <algorithm>

namespace fermata {
namespace {

size_t segment_at(const std::vector<OriginSegment>& segments, uint32_t at) {
  auto next = std::upper_bound(segments.begin(), segments.end(), at,
                               [](uint32_t value, const OriginSegment& segment) { return value < segment.at; });
  return next == segments.begin() ? 0 : static_cast<size_t>(next - segments.begin()) - 1;
}

uint32_t segment_end(const std::vector<OriginSegment>& segments, size_t index, uint32_t text_size) {
  return index + 1 < segments.size() ? segments[index + 1].at : text_size;
}

// The part of a segment's origin that [begin, end) of the text stands for.
Span part_of(const OriginSegment& segment, uint32_t begin, uint32_t end) {
  Span span = segment.origin;
  if (!segment.exact) return span;
  span.begin = segment.origin.begin + (begin - segment.at);
  span.end = segment.origin.begin + (end - segment.at);
  return span;
}

bool only_blanks(std::string_view text, uint32_t begin, uint32_t end) {
  return text.substr(begin, end - begin).find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

Span find_origin(const std::vector<OriginSegment>& segments, uint32_t text_size, uint32_t begin, uint32_t end) {
  if (segments.empty()) return {};
  begin = std::min(begin, text_size);
  end = std::clamp(end, begin, text_size);
  size_t first = segment_at(segments, begin);
  uint32_t first_end = std::max(segment_end(segments, first, text_size), begin);
  Span span = part_of(segments[first], begin, std::min(end, first_end));
  if (end <= first_end) return span;
  size_t last = segment_at(segments, end - 1);
  Span tail = part_of(segments[last], std::max(begin, segments[last].at), end);
  if (tail.file == span.file && tail.expansion == span.expansion && tail.end >= span.begin) span.end = tail.end;
  return span;
}

void TracedText::push_segment(const OriginSegment& segment) {
  if (!segments.empty()) {
    const OriginSegment& last = segments.back();
    bool continues = last.exact && segment.exact && last.origin.file == segment.origin.file &&
                     last.origin.expansion == segment.origin.expansion &&
                     last.origin.begin + (segment.at - last.at) == segment.origin.begin;
    if (continues) {
      segments.back().origin.end = segment.origin.end;
      return;
    }
  }
  segments.push_back(segment);
}

void TracedText::append_source(std::string_view file_text, const Span& span) {
  if (span.begin >= span.end) return;
  push_segment({size(), true, span});
  text.append(file_text.substr(span.begin, span.end - span.begin));
}

void TracedText::append(const TracedText& from, uint32_t begin, uint32_t end, ExpansionId expansion) {
  if (begin >= end) return;
  uint32_t base = size();
  for (size_t i = segment_at(from.segments, begin); i < from.segments.size() && from.segments[i].at < end; ++i) {
    uint32_t cut_begin = std::max(begin, from.segments[i].at);
    uint32_t cut_end = std::min(end, segment_end(from.segments, i, from.size()));
    Span origin = part_of(from.segments[i], cut_begin, cut_end);
    if (origin.expansion == kNone) origin.expansion = expansion;
    push_segment({base + (cut_begin - begin), from.segments[i].exact, origin});
  }
  text.append(from.text, begin, end - begin);
}

void TracedText::append_made(std::string_view made, const Span& origin) {
  if (made.empty()) return;
  push_segment({size(), false, origin});
  text.append(made);
}

void TracedText::append_tokens(const TracedText& from, const std::vector<Token>& tokens, size_t first, size_t last) {
  for (size_t i = first; i < last; ++i) {
    uint32_t gap_begin = i > first ? tokens[i - 1].end : tokens[i].begin;
    if (only_blanks(from.text, gap_begin, tokens[i].begin)) {
      append(from, gap_begin, tokens[i].end);
    } else {
      append_made(" ", from.origin(gap_begin, tokens[i].begin));
      append(from, tokens[i].begin, tokens[i].end);
    }
  }
}

void TracedText::append_source_tokens(std::string_view file_text, FileId file, const std::vector<Token>& tokens,
                                      size_t first, size_t last) {
  for (size_t i = first; i < last; ++i) {
    uint32_t gap_begin = i > first ? tokens[i - 1].end : tokens[i].begin;
    if (only_blanks(file_text, gap_begin, tokens[i].begin)) {
      append_source(file_text, {file, gap_begin, tokens[i].end});
    } else {
      append_made(" ", {file, gap_begin, tokens[i].begin});
      append_source(file_text, {file, tokens[i].begin, tokens[i].end});
    }
  }
}

Span TracedText::origin(uint32_t begin, uint32_t end) const { return find_origin(segments, size(), begin, end); }

void TracedText::truncate(uint32_t new_size) {
  text.resize(new_size);
  while (!segments.empty() && segments.back().at >= new_size) segments.pop_back();
  if (!segments.empty() && segments.back().exact) {
    OriginSegment& last = segments.back();
    last.origin.end = std::min(last.origin.end, last.origin.begin + (new_size - last.at));
  }
}

void TracedText::clear() {
  text.clear();
  segments.clear();
}

}  // namespace fermata
