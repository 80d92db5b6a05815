#include "adapters/mllp/explain.h"

#include <fmt/format.h>

#include "broker/base/check.h"
#include "broker/base/ids.h"

namespace switchboard::mllp {
namespace {

// Length is shown, content is not.
std::string mask(const std::string& value) {
  return fmt::format("({} bytes, hidden)", value.size());
}

std::string id_text(const v1::Event& event) {
  const auto id = id_from_bytes(event.header().event_id());
  CHECK(id.has_value());
  return to_string(*id);
}

std::string reason_lines(const std::vector<Reason>& reasons, ShowIdentity show) {
  std::string out;
  for (const Reason& reason : reasons) {
    const bool hide = show == ShowIdentity::kMasked && reason.privacy == Reason::Privacy::kIdentity;
    out += fmt::format("  {:<40} {}\n  {:<40}   <- {}\n", reason.target,
                       hide ? mask(reason.value) : reason.value, "", reason.source);
  }
  return out;
}

std::string event_lines(const MappedEvent& mapped, const std::vector<Reason>& reasons,
                        ShowIdentity show) {
  std::string out = fmt::format("An event of kind {}, id {}. Answer: AA.\n\n",
                                mapped.event.header().kind(), id_text(mapped.event));
  out += reason_lines(reasons, show);
  if (!mapped.notes.empty()) out += "\nNotes for the operator:\n";
  for (const std::string& note : mapped.notes) out += "  - " + note + "\n";
  return out;
}

std::string outcome_lines(const Mapped& mapped, const Trace& trace, ShowIdentity show) {
  std::string out;
  const size_t count = mapped.events.size();
  if (count > 1) out = fmt::format("{} events, taken together or not at all.\n\n", count);
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) out += "\n";
    out += event_lines(mapped.events[i], trace.at(i), show);
  }
  return out;
}

std::string outcome_lines(const OutOfScope& out, const Trace&, ShowIdentity) {
  return fmt::format("No event: {} is out of scope ({}). Answer: AA, counted.\n", out.trigger,
                     out.why);
}

std::string outcome_lines(const Unreadable& unreadable, const Trace&, ShowIdentity) {
  return fmt::format("Held in quarantine with its bytes: {} ({}), id {}. Answer: AA.\n",
                     unreadable.problem.code, unreadable.problem.why, id_text(unreadable.event));
}

std::string outcome_lines(const Refused& refused, const Trace&, ShowIdentity) {
  return fmt::format("Refused, not held: {} at {} (table 0357: {}). Answer: {}.\n", refused.why,
                     refused.error.location, refused.error.code,
                     refused.verdict == Verdict::kError ? "AE" : "AR");
}

}  // namespace

std::string explain(std::string_view raw, const Mapping& mapping, const ListenerIdentity& listener,
                    Time received, ShowIdentity show) {
  Trace trace;
  const Outcome outcome = map_message(raw, mapping, listener, received, &trace);
  return std::visit([&](const auto& o) { return outcome_lines(o, trace, show); }, outcome);
}

}  // namespace switchboard::mllp
