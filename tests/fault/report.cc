#include "tests/fault/report.h"

#include <cstdio>
#include <cstdlib>

namespace switchboard::test {

Json report_line(const std::string& fault, const std::string& where, uint64_t seed) {
  return Json{{"part", "processes"}, {"fault", fault}, {"where", where}, {"runs", 0},
              {"survived", 0},       {"silent", 0},    {"lost", 0},      {"seed", seed}};
}

void add(Json& line, const std::string& field, uint64_t value) {
  line[field] = line.value(field, uint64_t{0}) + value;
}

void add_verdict(Json& line, const FaultWorld::Verdict& verdict) {
  const Findings& found = verdict.found;
  add(line, "worlds", 1);
  add(line, "events", verdict.events);
  add(line, "promises", verdict.promises);
  add(line, "deliveries", found.deliveries);
  add(line, "acts", found.acts);
  add(line, "corrections", found.corrections);
  add(line, "lost", found.lost);
  add(line, "duplicated", found.duplicated);
  add(line, "reordered", found.reordered);
  add(line, "altered", found.altered);
  add(line, "invented", found.invented);
  add(line, "acts_lost", found.acts_lost + found.acts_twice);
  add(line, "unmarked", found.unmarked);
  add(line, "broken", verdict.clean() ? 0 : 1);
}

bool print_line(Json line, std::chrono::steady_clock::time_point began) {
  const auto took = std::chrono::steady_clock::now() - began;
  line["seconds"] =
      static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()) /
      1000;
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
  return line.value("broken", 0) == 0 && line.value("silent", 0) == 0;
}

uint64_t setting(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace switchboard::test
