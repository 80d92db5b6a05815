#include "services/cli/event_file.h"

#include "broker/runtime/toml_message.h"

namespace switchboard::cli {
namespace {

// A `bytes` field holds the text of the file until here.
Status read_id(std::string& field, std::string_view name) {
  if (field.empty() || field.size() == 16) return ok();
  const auto id = id_from_string(field);
  if (!id) {
    return error(
        v1::CODE_INVALID,
        std::string(name) +
            " must be an id such as \"01935c5e-8e40-8000-8000-000000000001\"; leave it out "
            "for a new one");
  }
  field = id->view();
  return ok();
}

Status read_time(v1::TimeRange& range, std::string_view name) {
  if (range.earliest_us() != 0 || range.raw().empty()) return ok();
  const auto time = from_rfc3339(range.raw());
  if (!time) {
    return error(v1::CODE_INVALID,
                 std::string(name) +
                     ".raw must be a time with its zone, such as "
                     "\"2026-11-22T06:30:00Z\"; else give earliest_us, latest_us");
  }
  range.set_earliest_us(time->us);
  range.set_latest_us(time->us);
  return ok();
}

}  // namespace

Result<v1::Event> read_event(std::string_view text, std::string_view file) {
  v1::Event event;
  TRY([[maybe_unused]] const auto origins, toml_to_message(text, file, event));
  auto& header = *event.mutable_header();
  TRY_DO(read_id(*header.mutable_event_id(), "header.event_id"));
  TRY_DO(read_id(*header.mutable_causation_id(), "header.causation_id"));
  if (header.has_correction()) {
    TRY_DO(read_id(*header.mutable_correction()->mutable_target_event_id(),
                   "header.correction.target_event_id"));
  }
  if (header.has_occurred()) TRY_DO(read_time(*header.mutable_occurred(), "header.occurred"));
  if (!event.has_summary()) return event;
  for (auto& follow_up : *event.mutable_summary()->mutable_follow_up()) {
    if (follow_up.has_when()) {
      TRY_DO(read_time(*follow_up.mutable_when(), "summary.follow_up.when"));
    }
  }
  return event;
}

}  // namespace switchboard::cli
