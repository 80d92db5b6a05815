// Prints every component of the HL7 files named, as our parser sees them, for comparison with
// another parser: file, segment, field, repetition, component, bytes in hex.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "adapters/mllp/hl7_message.h"
#include "broker/base/bytes.h"

namespace {

using namespace switchboard::mllp;

void dump_field(const std::string& place, const Value& field) {
  for (size_t r = 1; r <= field.repetitions(); ++r) {
    const Value repetition = field.repetition(r);
    const auto raw = repetition.raw();
    const size_t components = static_cast<size_t>(std::count(raw.begin(), raw.end(), '^')) + 1;
    for (size_t c = 1; c <= components; ++c) {
      const std::string bytes(repetition.component(c).raw());
      if (bytes.empty()) continue;
      std::printf("%s %zu %zu %s\n", place.c_str(), r, c, switchboard::to_hex(bytes).c_str());
    }
  }
}

bool dump_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto parsed = Message::parse(bytes, LineEnds::kCr);
  const auto* message = std::get_if<Message>(&parsed);
  if (!message) return false;
  for (size_t s = 0; s < message->segments().size(); ++s) {
    const Segment& segment = message->segments()[s];
    const size_t first = segment.name() == "MSH" ? 3 : 1;  // MSH-1, MSH-2 are the delimiters
    for (size_t n = first; n <= segment.fields(); ++n) {
      dump_field(std::string(path) + " " + std::to_string(s) + " " + std::to_string(n),
                 segment.field(n));
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (!dump_file(argv[i])) return 1;
  }
  return argc > 1 ? 0 : 1;
}
