#include "tests/sim/shrink.h"

#include <optional>

namespace switchboard::sim {
namespace {

constexpr size_t kWholeTrace = 3000;

// Which breach it is, without the numbers that it names.
std::string shape_of(const Outcome& outcome) {
  const std::string& text = outcome.breaches.front();
  std::string shape = text.substr(0, text.find(':') + 1);
  for (const char c : text.substr(shape.size())) {
    if (c < '0' || c > '9') shape += c;
  }
  return shape;
}

// What it comes to, if it breaks the same.
std::optional<Outcome> fails(const Settings& settings, const std::string& shape) {
  Outcome outcome = shape.starts_with("P12:") ? go_twice(settings) : Run(settings).go();
  if (outcome.failed() && shape_of(outcome) == shape) return outcome;
  return std::nullopt;
}

void cut_steps(Shrunk& best, const std::string& shape) {
  uint64_t low = 0;
  while (low + 1 < best.settings.steps) {
    Settings shorter = best.settings;
    shorter.steps = low + (best.settings.steps - low) / 2;
    if (auto outcome = fails(shorter, shape)) {
      best = {shorter, std::move(*outcome)};
    } else {
      low = shorter.steps;
    }
  }
}

void cut_faults(Shrunk& best, const std::string& shape) {
  for (size_t i = 0; i < kFaults; ++i) {
    if (best.outcome.faults[i] == 0) continue;
    Settings calmer = best.settings;
    calmer.without |= bit(static_cast<Fault>(i));
    if (auto outcome = fails(calmer, shape)) best = {calmer, std::move(*outcome)};
  }
}

}  // namespace

Shrunk shrink(const Settings& settings, const Outcome& failed) {
  const std::string shape = shape_of(failed);
  Shrunk best{settings, failed};
  best.settings.steps = std::min(settings.steps, std::max<uint64_t>(failed.steps, 1));
  best.settings.trace_lines = kWholeTrace;
  auto again = fails(best.settings, shape);
  if (!again) {  // broken where the storm was over: the whole of it is needed
    best.settings.steps = settings.steps;
    again = fails(best.settings, shape);
  }
  if (!again) return {settings, failed};
  best.outcome = std::move(*again);
  cut_steps(best, shape);
  cut_faults(best, shape);
  cut_steps(best, shape);
  return best;
}

std::string command_of(const Settings& settings) {
  std::string command = "sim_run --seed " + std::to_string(settings.seed) + " --steps " +
                        std::to_string(settings.steps);
  if (settings.losses) command += settings.old_copies ? " --losses 2" : " --losses 1";
  std::string without;
  for (size_t i = 0; i < kFaults; ++i) {
    const auto fault = static_cast<Fault>(i);
    if ((settings.without & bit(fault)) == 0) continue;
    without += (without.empty() ? "" : ",") + std::string(name_of(fault));
  }
  if (!without.empty()) command += " --without " + without;
  for (const auto& planted : kBugs) {
    if (planted.bug == settings.bug) command += " --bug " + std::string(planted.name);
  }
  return command;
}

std::string report_of(const Shrunk& shrunk) {
  std::string text = "the shortest prefix that fails: " + command_of(shrunk.settings) + "\n";
  for (const auto& line : shrunk.outcome.trace) text += "  " + line + "\n";
  text += "faults that struck:";
  for (size_t i = 0; i < kFaults; ++i) {
    const uint64_t count = shrunk.outcome.faults[i];
    if (count == 0) continue;
    text += " " + std::string(name_of(static_cast<Fault>(i))) + " " + std::to_string(count);
  }
  text += "\n";
  for (const auto& breach : shrunk.outcome.breaches) text += breach + "\n";
  return text;
}

}  // namespace switchboard::sim
