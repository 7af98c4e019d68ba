#include "frontend/expand_arithmetic.h"

namespace fermata {
namespace {

constexpr int64_t kLargest = int64_t{1} << 53;

std::optional<int64_t> parse_digits(std::string_view digits, int base) {
  if (digits.empty()) return std::nullopt;
  int64_t value = 0;
  for (char c : digits) {
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : 99;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
    if (value > kLargest) return std::nullopt;
  }
  return value;
}

std::optional<int64_t> parse_number(std::string_view word, NumberForms forms) {
  if (word.starts_with("0x") || word.starts_with("0X")) return parse_digits(word.substr(2), 16);
  if (auto value = parse_digits(word, 10)) return value;
  bool hex =
      forms == NumberForms::any && word[0] >= '0' && word[0] <= '9' && (word.back() == 'h' || word.back() == 'H');
  return hex ? parse_digits(word.substr(0, word.size() - 1), 16) : std::nullopt;
}

// Operator-precedence parsing with two stacks. '~' stands for the unary minus, which binds tightest.
class Evaluator {
 public:
  bool number(int64_t value) {
    if (!expects_operand_) return false;
    values_.push_back(value);
    expects_operand_ = false;
    return true;
  }

  bool symbol(char op) {
    if (op == '(' || (expects_operand_ && (op == '-' || op == '+'))) {
      if (!expects_operand_) return false;
      if (op != '+') operators_.push_back(op == '-' ? '~' : '(');
      return true;
    }
    if (expects_operand_) return false;
    if (op == ')') return close();
    if (rank(op) == 0) return false;
    while (!operators_.empty() && operators_.back() != '(' && rank(operators_.back()) >= rank(op)) {
      if (!apply()) return false;
    }
    operators_.push_back(op);
    expects_operand_ = true;
    return true;
  }

  std::optional<int64_t> finish() {
    if (expects_operand_) return std::nullopt;
    while (!operators_.empty()) {
      if (operators_.back() == '(' || !apply()) return std::nullopt;
    }
    return values_.back();
  }

 private:
  static int rank(char op) {
    switch (op) {
      case '+':
      case '-':
        return 1;
      case '*':
      case '/':
      case 'm':
        return 2;
      case '~':
        return 3;
      default:
        return 0;
    }
  }

  bool close() {
    while (!operators_.empty() && operators_.back() != '(') {
      if (!apply()) return false;
    }
    if (operators_.empty()) return false;
    operators_.pop_back();
    return true;
  }

  bool apply() {
    char op = operators_.back();
    operators_.pop_back();
    int64_t right = values_.back();
    if (op == '~') {
      values_.back() = -right;
      return true;
    }
    values_.pop_back();
    int64_t& left = values_.back();
    if ((op == '/' || op == 'm') && right == 0) return false;
    switch (op) {
      case '+':
        left += right;
        break;
      case '-':
        left -= right;
        break;
      case '*':
        if (__builtin_mul_overflow(left, right, &left)) return false;
        break;
      case '/':
        left /= right;
        break;
      default:
        left %= right;
        break;
    }
    return left <= kLargest && left >= -kLargest;
  }

  std::vector<int64_t> values_;
  std::vector<char> operators_;
  bool expects_operand_ = true;
};

}  // namespace

std::optional<int64_t> evaluate_constant(std::string_view text, const std::vector<Token>& tokens, size_t first,
                                         size_t last, NumberForms forms) {
  Evaluator evaluator;
  for (size_t i = first; i < last; ++i) {
    std::string_view word = text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin);
    bool good = false;
    if (tokens[i].kind == TokenKind::punct) {
      good = evaluator.symbol(word[0]);
    } else if (tokens[i].kind == TokenKind::word && word == "mod") {
      good = evaluator.symbol('m');
    } else if (tokens[i].kind == TokenKind::word) {
      auto value = parse_number(word, forms);
      good = value && evaluator.number(*value);
    }
    if (!good) return std::nullopt;
  }
  return evaluator.finish();
}

bool may_be_arithmetic(std::string_view text, const Token& token) {
  std::string_view word = text.substr(token.begin, token.end - token.begin);
  if (token.kind == TokenKind::word) return word == "mod" || (word[0] >= '0' && word[0] <= '9');
  return token.kind == TokenKind::punct && std::string_view("()+-*/").find(word[0]) != std::string_view::npos;
}

}  // namespace fermata
