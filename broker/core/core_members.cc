// The parts of core.h that concern lists of children.
#include "broker/core/core.h"
#include "broker/core/join.h"

namespace switchboard::core {

std::optional<MembersAnswer> Core::change_members(const MembersCommand& command, uint64_t ticket) {
  Turn t = turn();
  promised_ = true;
  if (command.change.mode() == v1::MEMBERS_MODE_SNAPSHOT) {
    return snapshots_.take(t, command, ticket);
  }
  if (snapshots_.busy(command.list())) {
    return MembersAnswer{v1::CODE_BUSY, "a new list is being applied: try again in a minute", {}};
  }
  return core::change_members(t, command);
}

MembersAnswer Core::look_at_members(const MembersCommand& command, Time now) const {
  auto answer = core::look_at_members(journal_, *directory_, command, now);
  if (answer.ok()) return std::move(answer).value();
  return {answer.error().code, answer.error().text, {}};
}

void Core::work() {
  Turn t = turn();
  if (parts_.joins_wait) {
    join_queued(t);
  } else {
    snapshots_.work(t);
  }
  promised_ = promised_ || !journal_.pending().empty();
}

}  // namespace switchboard::core
