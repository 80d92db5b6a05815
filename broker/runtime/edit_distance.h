// For "did you mean": how many letters must change to make one word of another. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace switchboard {

size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace switchboard
