#include "adapters/sdk/authored_event.h"
#include "broker/base/bytes.h"
#include "broker/base/ids.h"
#include "services/gateway/alert.h"
#include "services/gateway/api.h"
#include "services/gateway/prompt_answers.h"
#include "services/gateway/screen_json.h"

namespace switchboard::gateway {
namespace {

constexpr size_t kFormBytesMax = 128 * 1024;
constexpr Duration kFormOldest = seconds(24 * 3600);  // typed before the hub went away, say
constexpr Duration kFormAhead = seconds(300);

// "summary.child_voice (or …)" as the request's JSON has it: "summary.childVoice".
std::string json_path(const std::string& field) {
  std::string path;
  bool upper = false;
  for (const char c : field.substr(0, field.find(' '))) {
    if (c == '_') {
      upper = true;
      continue;
    }
    path += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return path;
}

Response missing(const std::string& field) {
  return problem(error(v1::CODE_INVALID, "this is needed before it can be sent: " + field),
                 json_path(field));
}

v1::Event to_event(const v1::ScreenSend& sent) {
  v1::Event event;
  *event.mutable_header() = sent.header();
  if (sent.has_identity()) *event.mutable_identity() = sent.identity();
  if (sent.has_summary()) *event.mutable_summary() = sent.summary();
  if (sent.has_detail()) *event.mutable_detail() = sent.detail();
  const bool location = sent.has_location() && !sent.header().protected_address();
  if (location) *event.mutable_location() = sent.location();
  return event;
}

// What a form must not choose, whoever made it: in whose name it speaks, and what it is told by.
void take_away(v1::EventHeader& header) {
  header.clear_event_id();
  header.clear_agency();
  header.clear_system();
  header.clear_environment();
  header.clear_trigger();
  header.clear_shadow();
  header.clear_routed_fields_hash();
  header.clear_traceparent();
  header.clear_correction();
  header.clear_identity_change();
}

// Sharing to safeguard a child, where the form does not say otherwise. ICO, "A 10 step guide to
// sharing information to safeguard children".
constexpr char kLawfulBasis[] = "UK GDPR 6(1)(e), 9(2)(g); DPA 2018 Sch 1 para 18";

std::string named(const Person& person) {
  return person.role.empty() ? person.name : person.name + ", " + person.role;
}

Response sent_off(const v1::ItemOutcome& outcome, const Id& id, int64_t now_us) {
  if (outcome.code() != v1::CODE_OK && outcome.code() != v1::CODE_DUPLICATE) {
    return problem(error(outcome.code(), outcome.text()));
  }
  v1::ScreenSentOff out;
  out.set_reference(to_string(id));
  out.set_code(outcome.code());
  out.set_position(outcome.position());
  out.set_text(outcome.text());
  out.set_accepted_us(now_us);
  return json_response(out);
}

}  // namespace

// P2: the form's own id and bytes make the event's id, so that sending it again is the same event.
void Api::post_event(const Visitor& who, const Request& request, const ReplyPtr& reply) {
  const auto refuse = [&](v1::Code code, const char* text, const char* field) {
    reply->answer(problem(error(code, text), field));
  };
  if (options_.publish_agency.empty()) {
    return refuse(v1::CODE_NOT_ALLOWED, "nobody sends from this screen: ring the team", "");
  }
  const std::string team = request.places.at("team");
  v1::ScreenSend sent;
  if (const auto read = read_body(request, sent, kFormBytesMax); !read.ok()) {
    return reply->answer(problem(read.error()));
  }
  const auto form_id = from_hex(sent.send_id());
  if (!form_id || form_id->size() != 16) {
    return refuse(v1::CODE_INVALID, "sendId must be 32 hex digits", "sendId");
  }
  const int64_t written_us = sent.header().recorded_us();
  if (written_us < now_us() - kFormOldest.us || written_us > now_us() + kFormAhead.us) {
    return refuse(v1::CODE_INVALID,
                  "the form is too old, or this computer's clock is wrong: "
                  "begin a new one",
                  "header.recordedUs");
  }
  v1::Event event = to_event(sent);
  take_away(*event.mutable_header());
  const Id id = derive_event_id({.agency = options_.publish_agency,
                                 .system = options_.publish_system,
                                 .message_id = sent.send_id(),
                                 .bytes = request.body,
                                 .time = {written_us}});
  event.mutable_header()->set_source_message_id(sent.send_id());
  event.mutable_header()->set_from_team(team);
  if (event.header().practitioner().empty()) {
    event.mutable_header()->set_practitioner(named(who.person));
  }
  if (event.header().lawful_basis().empty()) {
    event.mutable_header()->set_lawful_basis(kLawfulBasis);
  }
  const auto* view = people_.team(team);
  if (const auto wrong = wrong_answer(view == nullptr ? v1::TeamView() : *view, event)) {
    return refuse(v1::CODE_INVALID, wrong->text.c_str(), wrong->field.c_str());
  }
  const auto environment = view == nullptr ? v1::ENVIRONMENT_UNSPECIFIED : view->environment();
  const auto completed = sdk::complete_event(event, {.now = {written_us},
                                                     .id = id,
                                                     .agency = options_.publish_agency,
                                                     .system = options_.publish_system,
                                                     .environment = environment});
  if (!completed.ok()) return reply->answer(problem(completed.error()));
  event.mutable_header()->set_id_origin(v1::ID_ORIGIN_DERIVED);
  const auto fields = sdk::missing_fields(event);
  if (!fields.empty()) return reply->answer(missing(fields.front()));
  hub_->publish(sdk::to_item(event), [this, id, reply](Result<v1::ItemOutcome> outcome) {
    reply->answer(outcome.ok() ? sent_off(*outcome, id, now_us()) : problem(outcome.error()));
  });
}

}  // namespace switchboard::gateway
