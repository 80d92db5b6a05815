#include "broker/server/timeline.h"

#include "broker/core/policy_check.h"
#include "broker/core/what_if.h"

namespace switchboard::server {

Result<v1::PolicyTimeline> policy_timeline(const View& view, const v1::PolicyTest& wanted) {
  TRY(const auto as, publisher_of(wanted.item(), "policy test"));
  const Time at = wanted.at_us() == 0 ? view.now : Time{wanted.at_us()};
  if (!wanted.has_with()) {
    return core::what_if(view.reads, view.directory, view.secrets, as, wanted.item(), at);
  }
  const auto problems = core::policy_problems(wanted.with());
  if (!problems.empty()) return error(v1::CODE_INVALID, problems.front());
  v1::Directory rows;
  *rows.mutable_policy() = wanted.with();
  const auto with = core::Directory::with(view.directory, rows);
  return core::what_if(view.reads, *with, view.secrets, as, wanted.item(), at);
}

}  // namespace switchboard::server
