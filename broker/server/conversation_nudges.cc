// The parts of conversation.h that serve the program that sends nudges.
#include <algorithm>

#include "broker/base/limits.h"
#include "broker/server/conversation.h"

namespace switchboard::server {

static bool is_nudger(const v1::PrincipalRow& who) {
  return std::find(who.roles().begin(), who.roles().end(), v1::ROLE_NUDGER) != who.roles().end();
}
static constexpr char kNotANudger[] = "this key does not have the role nudger: ask an operator";

void Conversation::take_nudges(const std::string& address, const v1::PrincipalRow& who,
                               const v1::Read& read) {
  if (!is_nudger(who)) {
    return answer_page(address, read.request(), {v1::CODE_NOT_ALLOWED, 0, kNotANudger});
  }
  if (door_.acts != v1::CODE_OK) {
    return answer_page(address, read.request(), {door_.acts, 0, door_.text});
  }
  if (!parts_.core.fits(limits::kNudgeRowsBytes)) parts_.flush();
  Session* session = parts_.sessions.at(address);  // a flush may have ended it
  if (session == nullptr) return;
  const auto reader = session->takes_nudges ? core::NudgeReader::kGoesOn : core::NudgeReader::kAnew;
  session->takes_nudges = true;
  auto jobs = parts_.core.take_nudges(who, read.nudges().limit(), reader);
  v1::Page& page = *parts_.outgoing.to_client(address).mutable_page();
  page.set_request(read.request());
  for (auto& job : jobs) *page.add_nudges() = std::move(job);
}

void Conversation::report_nudges(const std::string& address, const v1::PrincipalRow& who,
                                 const v1::NudgeReports& reports) {
  if (!is_nudger(who)) {
    return answer_page(address, reports.request(), {v1::CODE_NOT_ALLOWED, 0, kNotANudger});
  }
  if (reports.items_size() > static_cast<int>(limits::kNudgesPerPageMax)) {
    return answer_page(address, reports.request(),
                       {v1::CODE_OVERSIZE, 0, "report no more nudges than a page holds"});
  }
  if (door_.acts != v1::CODE_OK) {
    return answer_page(address, reports.request(), {door_.acts, 0, door_.text});
  }
  for (const auto& report : reports.items()) {
    if (!parts_.core.fits(limits::kNudgeRowsBytes)) parts_.flush();
    parts_.core.nudge_reported(who, report);
  }
  answer_page(address, reports.request(), {v1::CODE_OK, 0, {}});
}

}  // namespace switchboard::server
