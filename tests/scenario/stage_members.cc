// The parts of stage.h that change lists of children.
#include "tests/scenario/stage.h"
#include "tests/scenario/words.h"

namespace switchboard::scenario {
namespace {

constexpr uint64_t kTicket = 1;

v1::MemberList list_of(const std::string& name) {
  for (const auto list :
       {v1::MEMBER_LIST_CASELOAD, v1::MEMBER_LIST_EARLY_HELP, v1::MEMBER_LIST_CHILD_IN_NEED,
        v1::MEMBER_LIST_CHILD_PROTECTION, v1::MEMBER_LIST_LOOKED_AFTER, v1::MEMBER_LIST_ENQUIRY}) {
    if (core::list_name(list) == name) return list;
  }
  return v1::MEMBER_LIST_UNSPECIFIED;
}

// children=4, or 4-9
void add_children(const std::string& range, v1::MembersChange& change) {
  const size_t dash = range.find('-');
  const unsigned first = static_cast<unsigned>(std::stoul(range));
  const unsigned last =
      dash == std::string::npos ? first : static_cast<unsigned>(std::stoul(range.substr(dash + 1)));
  for (unsigned child = first; child <= last; ++child) {
    v1::Member& row = *change.add_rows();
    *row.mutable_identifier() = support::nhs_identifier(support::nhs_number(child));
    row.set_line(child);
  }
}

std::string words_of(const core::MembersAnswer& answer) {
  const auto& r = answer.report;
  std::string text = of(answer.code);
  if (!answer.text.empty()) text += " (" + answer.text + ")";
  text += ", " + std::to_string(r.before()) + " before, " + std::to_string(r.after()) + " after";
  if (r.joined() > 0) text += ", " + std::to_string(r.joined()) + " brought";
  return text + (r.executed() ? "\n" : ", nothing done\n");
}

}  // namespace

// list add|remove|snapshot NAME team= children=N[-M] [as-of= confirm=y plan=y until= reason=]
std::string Stage::list(const Command& c) {
  v1::MembersChange change;
  const std::string mode = c.word(0);
  change.set_team(c.value("team"));
  change.set_list(list_of(c.word(1)));
  change.set_mode(mode == "add"      ? v1::MEMBERS_MODE_ADD
                  : mode == "remove" ? v1::MEMBERS_MODE_REMOVE
                                     : v1::MEMBERS_MODE_SNAPSHOT);
  change.set_execute(!c.has("plan"));
  change.set_confirm_vanishing(c.has("confirm"));
  change.set_as_of(c.value_or("as-of", "2026-03-02"));
  change.set_upload(std::string(16, 'u'));
  change.set_last(true);
  change.set_reason(c.value("reason"));
  if (c.has("until")) change.set_until_us((hub_.now + duration(c.value("until"))).us);
  add_children(c.value("children"), change);
  const auto who = hub_.who("admin");
  const auto team = hub_.team(change.team());
  std::optional<core::MembersAnswer> answer;
  hub_.turn([&](core::Core& core) {
    answer = core.change_members({who, "ops", change, team}, kTicket);
  });
  const std::string at_once = effects();
  if (answer) return words_of(*answer) + at_once;
  if (c.has("turns")) return "the hub works on it\n" + work(std::stoul(c.value("turns")));
  return work(SIZE_MAX);
}

// work [TURNS]: what takes many turns, to its end.
std::string Stage::work(const Command& c) {
  return work(c.word(0).empty() ? SIZE_MAX : std::stoul(c.word(0)));
}

std::string Stage::work(size_t turns) {
  std::string text, told;
  const bool had_work = hub_.core().has_work();
  for (; turns > 0 && hub_.core().has_work(); --turns) {
    hub_.turn([](core::Core& core) { core.work(); });
    told += effects();
    while (auto done = hub_.core().take_finished()) text += words_of(done->answer);
  }
  text += told;
  if (hub_.core().has_work()) text += "more is to do\n";
  if (text.empty() && had_work) return "done, and nobody waits for the answer\n";
  return text.empty() ? "nothing to do\n" : text;
}

}  // namespace switchboard::scenario
