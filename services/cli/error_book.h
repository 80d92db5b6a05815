// What each code of the hub means and what to do about it, offline. The codes are session.proto's.
#pragma once

#include <span>
#include <string_view>

#include "switchboard/v1/session.pb.h"

namespace switchboard::cli {

enum class Nature { kFine, kRetryable, kDefinite };

struct ErrorPage {
  v1::Code code;
  Nature nature;
  std::string_view meaning;
  std::string_view advice;
};

std::span<const ErrorPage> error_book();
// By short name ("disk_low"), full name ("CODE_DISK_LOW") or number; null if there is none.
const ErrorPage* find_error(std::string_view code);
std::string_view nature_words(Nature nature);

}  // namespace switchboard::cli
