// The picture as SVG.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "runtime/picture.h"

namespace fermata::runtime {
namespace {

constexpr double kLeft = 250, kRight = 26, kTop = 64;
constexpr size_t kMostBars = 20'000;
constexpr size_t kMostNamedRows = 60;  // with more bars than that, bars share rows

// As text of an element or an attribute. What XML cannot hold becomes a question mark.
std::string xml(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<uint8_t>(text[i]);
    size_t length = c < 0x80                ? 1
                    : c >= 0xc2 && c < 0xe0 ? 2
                    : c >= 0xe0 && c < 0xf0 ? 3
                    : c >= 0xf0 && c < 0xf5 ? 4
                                            : 0;
    bool good = length > 0 && i + length <= text.size() && (c >= 0x20 || c == '\n');
    for (size_t k = 1; good && k < length; ++k) good = (static_cast<uint8_t>(text[i + k]) & 0xc0) == 0x80;
    if (good && length == 3) {  // no surrogates, nothing overlong, no U+FFFE and U+FFFF
      const int point = (c & 15) << 12 | (text[i + 1] & 63) << 6 | (text[i + 2] & 63);
      good = point >= 0x800 && (point < 0xd800 || point > 0xdfff) && point < 0xfffe;
    }
    if (good && length == 4) {
      const int point = (c & 7) << 18 | (text[i + 1] & 63) << 12 | (text[i + 2] & 63) << 6 | (text[i + 3] & 63);
      good = point >= 0x10000 && point <= 0x10ffff;
    }
    if (!good) {
      out += '?';
      ++i;
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += text.substr(i, length);
    }
    i += length;
  }
  return out;
}

struct Colour {
  const char* owner;
  const char* fill;
  const char* meaning;
};
constexpr Colour kColours[] = {{"key", "#56b4e9", "its key"},       {"parent", "#0072b2", "its parent"},
                               {"runtime", "#009e73", "a runtime"}, {"duration", "#e69f00", "a duration"},
                               {"script", "#9a8cc8", "the script"}, {"none", "#d55e00", "nobody"},
                               {"releasing", "#c4c4c4", "released"}};

const char* fill_of(std::string_view owner) {
  for (const Colour& colour : kColours) {
    if (owner == colour.owner) return colour.fill;
  }
  return "#e8e8e8";
}

std::string moment(Microseconds at) { return fmt::format("{}.{:06} s", at / 1'000'000, at % 1'000'000); }

// 1, 2 or 5 times a power of ten.
Microseconds tick_step(Microseconds length, double width) {
  Microseconds step = 1;
  constexpr int kFactors[] = {2, 5, 10};
  Microseconds power = 1;
  for (size_t i = 0; static_cast<double>(step) * width < static_cast<double>(length) * 90; ++i) {
    step = power * kFactors[i % 3];
    if (i % 3 == 2) power *= 10;
  }
  return step;
}

class Drawer {
 public:
  Drawer(const Program& program, const Report& report) : program_(program), picture_(picture_of(report)) {}

  std::string draw() {
    left_out_ = picture_.bars.size() > kMostBars ? picture_.bars.size() - kMostBars : 0;
    if (left_out_ > 0) picture_.bars.resize(kMostBars);
    scale();
    place_rows();
    header();
    axis();
    for (size_t i = 0; i < picture_.bars.size(); ++i) bar(i);
    const double keys = bottom_ + 14;
    double y = rows("keys", picture_.keys, keys, true);
    y = rows("controllers", picture_.controllers, y + 6, false);
    notes(y + 18);
    const double height = y + 34;
    return fmt::format(
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
               "{1:.0f}\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"11\">\n"
               "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
               kLeft + width_ + kRight, height) +
           fmt::format("<g stroke=\"#e4e4e4\">\n{}</g>\n", grid(y)) + out_ + "</svg>\n";
  }

 private:
  // As wide as lets a usual bar hold its name.
  void scale() {
    const Microseconds end = std::max<Microseconds>(picture_.end, 1000);
    end_ = end + end / 25;
    std::vector<Microseconds> lengths;
    for (const Bar& bar : picture_.bars) lengths.push_back((bar.to < 0 ? end_ : bar.to) - bar.from);
    width_ = 1200;
    if (lengths.size() <= kMostNamedRows) return;
    std::nth_element(lengths.begin(), lengths.begin() + static_cast<long>(lengths.size() / 2), lengths.end());
    const auto usual = static_cast<double>(std::max<Microseconds>(lengths[lengths.size() / 2], 1));
    width_ = std::clamp(70.0 * static_cast<double>(end_) / usual, 1200.0, 5000.0);
  }

  // A row of its own for each bar while there are few; else the first row that is free when the bar begins.
  void place_rows() {
    named_rows_ = picture_.bars.size() <= kMostNamedRows;
    row_height_ = picture_.bars.size() <= 25 ? 22 : named_rows_ ? 16 : 13;
    std::vector<size_t> order(picture_.bars.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (!named_rows_) {
      std::stable_sort(order.begin(), order.end(),
                       [&](size_t a, size_t b) { return picture_.bars[a].from < picture_.bars[b].from; });
    }
    row_of_.assign(order.size(), 0);
    std::vector<double> free_from;
    for (const size_t i : order) {
      const Bar& bar = picture_.bars[i];
      size_t row = named_rows_ ? free_from.size() : 0;
      while (row < free_from.size() && free_from[row] > x(bar.from)) ++row;
      if (row == free_from.size()) free_from.push_back(0);
      free_from[row] = (bar.to < 0 ? kLeft + width_ + kRight : x(bar.to)) + 2;
      row_of_[i] = row;
      if (bar.voice >= 0) bar_of_voice_[bar.voice] = i;
    }
    bottom_ = kTop + static_cast<double>(std::max<size_t>(free_from.size(), 1)) * row_height_;
  }

  double x(Microseconds at) const { return kLeft + width_ * static_cast<double>(at) / static_cast<double>(end_); }
  double y(size_t bar) const { return kTop + static_cast<double>(row_of_[bar]) * row_height_; }

  std::string place(Span span) const {
    const Span user = program_.user_span(span);
    if (user.file == kNone || user.file >= program_.files.size()) return {};
    const SourceFile& file = program_.files[user.file];
    const LineColumn at = file.position(user.begin);
    return fmt::format("\n{}:{}:{}", file.path, at.line, at.column);
  }
  std::string title(Microseconds at, std::string_view text, Span span) const {
    return "<title>" + xml(fmt::format("{}\n{}{}", moment(at), text, place(span))) + "</title>";
  }
  void text(double at_x, double at_y, std::string_view words, std::string_view more = "") {
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>\n", at_x, at_y, more, xml(words));
  }

  void header() {
    text(12, 20, "Voices over time, coloured by what will end them", "font-size=\"14\" font-weight=\"bold\"");
    double at = kLeft;
    for (const Colour& colour : kColours) {
      out_ += fmt::format("<rect x=\"{:.0f}\" y=\"28\" width=\"14\" height=\"10\" fill=\"{}\"/>\n", at, colour.fill);
      text(at + 18, 37, colour.meaning);
      at += 100;
    }
    out_ += fmt::format("<path d=\"{}\" fill=\"black\"/>\n", diamond(at + 7, 33));
    text(at + 18, 37, "hand-over");
    out_ += fmt::format("<path d=\"M{:.0f} 33h24\" stroke=\"black\" stroke-width=\"2\" stroke-dasharray=\"3 2\"/>\n",
                        at + 90);
    text(at + 118, 37, "wait");
  }

  std::string grid(double bottom) const {
    std::string lines;
    const Microseconds step = tick_step(end_, width_);
    for (Microseconds at = 0; at <= end_; at += step)
      lines += fmt::format("<path d=\"M{:.1f} {:.0f}V{:.1f}\"/>\n", x(at), kTop - 6, bottom);
    return lines;
  }
  void axis() {
    const Microseconds step = tick_step(end_, width_);
    const int digits = step >= 1'000'000 ? 0 : step >= 100'000 ? 1 : step >= 10'000 ? 2 : step >= 1000 ? 3 : 6;
    for (Microseconds at = 0; at <= end_; at += step) {
      text(x(at), kTop - 10, fmt::format("{:.{}f} s", static_cast<double>(at) / 1e6, digits),
           "text-anchor=\"middle\" fill=\"#666\" font-size=\"10\"");
    }
  }

  static std::string diamond(double cx, double cy) {
    return fmt::format("M{:.1f} {:.1f}l3.5 4l-3.5 4l-3.5 -4z", cx, cy - 4);
  }

  void bar(size_t index) {
    const Bar& bar = picture_.bars[index];
    const double top = y(index) + 1, height = row_height_ - 3;
    // Only what hangs runs over the edge of the picture.
    const double edge = kLeft + width_ + (bar.hung ? kRight : 0);
    const double end = bar.to < 0 ? edge : std::max(x(bar.to), x(bar.from) + 1.5);
    out_ += "<g>";
    out_ += title(bar.from, describe(bar), bar.parts.empty() ? Span{} : bar.parts.front().span) + "\n";
    branch(bar, top + height / 2);
    for (const Bar::Part& part : bar.parts) {
      const double from = x(part.from), to = part.to < 0 || &part == &bar.parts.back() ? end : x(part.to);
      out_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\">{}</rect>\n",
                          from, top, std::max(to - from, 0.5), height, fill_of(part.owner),
                          title(part.from, part.text, part.span));
    }
    for (const Bar::Stretch& sound : bar.sounds) {
      const double to = sound.to < 0 ? end : x(sound.to);
      out_ += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"2.5\" fill=\"#222\" "
          "fill-opacity=\"0.75\">{}</rect>\n",
          x(sound.from), top + height - 2.5, std::max(to - x(sound.from), 0.5),
          title(sound.from, sound.text, sound.span));
    }
    for (const Bar::Stretch& wait : bar.waits) {
      const double to = wait.to < 0 ? end : x(wait.to);
      out_ += fmt::format(
          "<path d=\"M{:.1f} {:.1f}H{:.1f}\" stroke=\"black\" stroke-width=\"2\" stroke-dasharray=\"3 2\">{}</path>\n",
          x(wait.from), top + 2.5, to, title(wait.from, wait.text, wait.span));
    }
    for (size_t i = 1; i < bar.parts.size(); ++i) {
      const Bar::Part& part = bar.parts[i];
      if (part.owner == "releasing" || part.owner == "silent" || x(part.from) < x(bar.from) + 3) continue;
      out_ += fmt::format("<path d=\"{}\" fill=\"black\" stroke=\"white\" stroke-width=\"0.5\">{}</path>\n",
                          diamond(x(part.from), top + height / 2), title(part.from, part.text, part.span));
    }
    if (bar.hung) hung_edge(bar, top, height, end);
    name(bar, top, height, end);
    out_ += "</g>\n";
  }

  void hung_edge(const Bar& bar, double top, double height, double end) {
    out_ += fmt::format(
        "<path d=\"M{0:.1f} {1:.1f}H{2:.1f}V{3:.1f}H{0:.1f}\" fill=\"none\" stroke=\"#b00020\" "
        "stroke-width=\"1.5\"/>\n",
        x(bar.from), top, end + 2, top + height);
    out_ += fmt::format(
        "<path d=\"M{0:.1f} {1:.1f}l9 {2:.1f}l-9 {2:.1f}z\" fill=\"#b00020\"><title>it hangs</title></path>\n",
        end - 11, top + 1, height / 2 - 1);
  }

  // From the parent's row to the beginning of the bar.
  void branch(const Bar& bar, double to_y) {
    const auto parent = bar_of_voice_.find(bar.parent);
    if (!named_rows_ || bar.parent < 0 || parent == bar_of_voice_.end()) return;
    out_ += fmt::format("<path d=\"M{:.1f} {:.1f}V{:.1f}\" fill=\"none\" stroke=\"#888\" stroke-width=\"0.8\"/>\n",
                        x(bar.from), y(parent->second) + row_height_ - 2, to_y);
  }

  void name(const Bar& bar, double top, double height, double end) {
    if (named_rows_) {
      const std::string label = bar.name.size() > 34 ? bar.name.substr(0, 33) + "…" : bar.name;
      const std::string more =
          bar.hung ? "text-anchor=\"end\" fill=\"#b00020\" font-weight=\"bold\"" : "text-anchor=\"end\"";
      text(kLeft - 8, top + height / 2 + 4, label + (bar.hung ? " hangs" : ""), more);
      return;
    }
    // Within the longest part of the bar, as much as there is room for.
    const Bar::Part* widest = nullptr;
    double room = 0, from = x(bar.from);
    for (const Bar::Part& part : bar.parts) {
      const double to = &part == &bar.parts.back() ? end : x(part.to);
      if (to - x(part.from) <= room) continue;
      room = to - x(part.from);
      from = x(part.from);
      widest = &part;
    }
    const auto letters = static_cast<size_t>(std::max(0.0, (room - 10) / 5.4));
    std::string label = bar.name.starts_with("note ") ? bar.name.substr(5) : bar.name;
    if (const size_t at = label.find(" at "); at != std::string::npos && label.size() > letters) label.resize(at);
    if (label.empty() || label.size() > letters) return;
    const bool dark = widest->owner == "parent" || widest->owner == "none" || widest->owner == "runtime";
    text(from + 6, top + height - 2.5, label, dark ? "font-size=\"9\" fill=\"white\"" : "font-size=\"9\"");
  }

  static std::string describe(const Bar& bar) {
    std::string out = bar.name;
    if (bar.voice >= 0) out += fmt::format("\nvoice {}", bar.voice);
    if (bar.event >= 0) out += fmt::format("\nevent {}", bar.event);
    if (bar.hung) out += "\nit hangs";
    return out;
  }

  // The rows of the keyboard or of the controllers: filled while a key is down, as high as the controller stands.
  double rows(std::string_view what, const std::vector<Picture::Row>& all, double top, bool keys) {
    const double height = keys ? (all.size() > 24 ? 6 : 11) : 16;
    if (!all.empty()) text(12, top + 9, what, "font-weight=\"bold\"");
    double at = top;
    for (auto row = all.rbegin(); row != all.rend(); ++row, at += height) {
      const bool small = keys && height < 10;
      if (!small || row->number % 12 == 0) {
        const std::string number = keys                 ? fmt::format("key {}", row->number)
                                   : row->number == 64  ? "sustain (64)"
                                   : row->number == 128 ? "pitch bend"
                                                        : fmt::format("controller {}", row->number);
        text(kLeft - 8, at + height - 1, number,
             small ? "text-anchor=\"end\" font-size=\"8\" fill=\"#444\"" : "text-anchor=\"end\" fill=\"#444\"");
      }
      for (size_t i = 0; i < row->steps.size(); ++i) step(*row, i, at, height, keys);
    }
    return at;
  }

  void step(const Picture::Row& row, size_t i, double top, double height, bool keys) {
    const Picture::Step& step = row.steps[i];
    if (step.value == 0) return;
    const Microseconds until = i + 1 < row.steps.size() ? row.steps[i + 1].at : end_;
    const double share = keys ? 1.0 : std::clamp(static_cast<double>(std::abs(step.value)) / 127.0, 0.1, 1.0);
    const double tall = (height - 2) * share;
    const std::string said = keys ? fmt::format("key {} is down", row.number)
                                  : fmt::format("controller {} stands at {}", row.number, step.value);
    out_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\">{}</rect>\n",
                        x(step.at), top + 1 + (height - 2 - tall), std::max(x(until) - x(step.at), 0.8), tall,
                        keys ? "#555" : "#8a6d3b", title(step.at, said, Span{}));
  }

  void notes(double at) {
    const auto hung =
        std::count_if(picture_.bars.begin(), picture_.bars.end(), [](const Bar& bar) { return bar.hung; });
    std::string words = hung == 0 ? "nothing hangs" : fmt::format("{} hung", hung);
    if (left_out_ > 0) words += fmt::format("; {} more voices are not drawn", left_out_);
    if (picture_.cut) words += "; the story of the run was too long and is cut off";
    text(kLeft, at, words, hung == 0 ? "fill=\"#444\"" : "fill=\"#b00020\" font-weight=\"bold\"");
  }

  const Program& program_;
  Picture picture_;
  std::string out_;
  size_t left_out_ = 0;
  Microseconds end_ = 1;
  double width_ = 1200, row_height_ = 20, bottom_ = kTop;
  bool named_rows_ = true;
  std::vector<size_t> row_of_;
  std::map<int, size_t> bar_of_voice_;
};

}  // namespace

std::string timeline_svg(const Program& program, const Report& report) { return Drawer(program, report).draw(); }

}  // namespace fermata::runtime
