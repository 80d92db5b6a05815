// A JSON string from any bytes: what a log line and a health answer need, no more.
// Messages of the contract go through protobuf's json_util instead.
#pragma once

#include <string>
#include <string_view>

namespace switchboard {

// Appends `text` in quotes. Control characters are escaped; bytes that are not UTF-8 become U+FFFD,
// so the line is valid JSON whatever was passed.
void append_json(std::string& out, std::string_view text);

// The longest beginning of `text` of at most `bytes_max` bytes that does not cut a character.
std::string_view cut_utf8(std::string_view text, size_t bytes_max);

// The length of the UTF-8 character `text` begins with; 0 when it begins with none.
size_t utf8_length(std::string_view text);

}  // namespace switchboard
