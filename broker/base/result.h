// Result<T>: a value, or an Error with a code for programs and a text for people.
//
// The codes are the wire's (session.proto): one closed set, never a second one. Nobody matches on
// text, and no text names a child. Nothing throws across a module line.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "broker/base/check.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard {

struct [[nodiscard]] Error {
  v1::Code code = v1::CODE_INTERNAL;
  std::string text;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT: implicit on purpose
  Result(Error error) : state_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

struct Ok {};
using Status = Result<Ok>;
inline Status ok() { return Ok{}; }

inline Error error(v1::Code code, std::string text) { return Error{code, std::move(text)}; }

}  // namespace switchboard

// TRY(auto x, f()): x is f()'s value; on error the enclosing function returns the error.
#define TRY(declaration, ...) TRY_NAMED(declaration, TRY_JOIN(try_, __LINE__), __VA_ARGS__)
#define TRY_NAMED(declaration, name, ...)         \
  auto name = (__VA_ARGS__);                      \
  if (!name.ok()) return std::move(name).error(); \
  declaration = std::move(name).value()
// TRY_DO(f()): the same for a Status.
#define TRY_DO(...)                                             \
  do {                                                          \
    auto try_status = (__VA_ARGS__);                            \
    if (!try_status.ok()) return std::move(try_status).error(); \
  } while (false)
#define TRY_JOIN(a, b) TRY_JOIN2(a, b)
#define TRY_JOIN2(a, b) a##b
