#include "broker/server/child_page.h"

#include <algorithm>
#include <set>

#include "broker/base/limits.h"
#include "broker/core/facts.h"
#include "broker/core/journey.h"
#include "broker/core/ring.h"
#include "broker/core/sheet.h"
#include "broker/server/entry_bytes.h"
#include "broker/store/member_rows.h"

namespace switchboard::server {
namespace {

constexpr size_t kEventsLookedAtMax = 2'000;  // P11: of one child, for one page
constexpr size_t kInvolvedMax = 64;

Error not_found() {
  return error(v1::CODE_NOT_FOUND,
               "this team has no such delivery, or may not see whom it is about");
}

bool shown(const v1::Notice& notice) {
  return notice.type() == v1::ENTRY_TYPE_DELIVERY &&
         notice.disclosure() <= v1::DISCLOSURE_SUMMARY && !notice.subject().empty();
}

class ChildPage {
 public:
  ChildPage(const View& view, const v1::Team& team) : view_(view), team_(team) {}

  Result<v1::Page> make(const v1::ReadChild& wanted) {
    TRY(const std::string subject, subject_of(wanted.number()));
    TRY(cursors_, store::read_cursors(view_.reads));
    const uint64_t before = wanted.before_position() == 0 ? ~uint64_t{0} : wanted.before_position();
    TRY(const auto positions,
        store::subject_events(view_.reads, subject, before, kEventsLookedAtMax));
    for (const uint64_t position : positions) {
      if (full(wanted.limit())) break;
      TRY_DO(add_event(position));
      looked_at_ = position;
    }
    const bool more = full(wanted.limit()) || positions.size() == kEventsLookedAtMax;
    child().set_next_before(more ? looked_at_ : 0);
    TRY_DO(add_plans());
    for (const auto& id : involved_) {
      if (const v1::Team* team = view_.directory.team(id)) {
        *child().add_involved() =
            core::sheet_entry(view_.directory, *team, core::SheetFor::kTeam, view_.now);
      }
    }
    return std::move(page_);
  }

 private:
  v1::ChildView& child() { return *page_.mutable_child(); }
  bool full(uint32_t asked) const {
    const uint32_t limit =
        asked == 0 ? limits::kPageItemsMax : std::min(asked, limits::kPageItemsMax);
    return page_.items_size() >= static_cast<int>(limit) || bytes_ >= limits::kPageBytesMax;
  }

  Result<std::string> subject_of(uint64_t number) {
    TRY(const auto entry, store::read_entry(view_.reads, log_, number));
    if (!entry || !shown(stored_entry(from_, number, entry).notice())) return not_found();
    TRY(const auto event, store::read_event(view_.reads, entry->position));
    if (!event) return not_found();
    return event->subject();
  }

  // Each delivery of the event to this team; and who else is involved, as far as it may know.
  Status add_event(uint64_t position) {
    TRY(const auto event, store::read_event(view_.reads, position));
    if (!event) return ok();
    TRY(const auto recipients, store::read_recipients(view_.reads, position));
    bool any = false;
    for (const auto& recipient : recipients) {
      if (recipient.team_handle() != team_.handle()) continue;
      TRY(const auto entry, store::read_entry(view_.reads, log_, recipient.number()));
      auto made = stored_entry(from_, recipient.number(), entry);
      if (!shown(made.notice())) continue;
      any = true;
      bytes_ += made.ByteSizeLong();
      *page_.add_items() = std::move(made);
      TRY_DO(add_steps(recipient));
    }
    if (any) add_involved(*event, recipients);
    return ok();
  }

  // This team's own part of the event's journey; what others did with it is theirs.
  Status add_steps(const v1::Recipient& recipient) {
    TRY(auto part,
        core::journey_of(view_.reads, view_.directory, &view_.secrets.seal, cursors_, recipient));
    for (auto& made : *part.mutable_steps()) {
      if (made.at_us() == 0) continue;  // the newest tap outside the hub says no time
      v1::ChildStep& step = *child().add_steps();
      step.set_number(recipient.number());
      *step.mutable_step() = std::move(made);
      bytes_ += step.ByteSizeLong();
    }
    return ok();
  }

  void add_involved(const v1::EventRecord& event, const std::vector<v1::Recipient>& recipients) {
    add_involved(event.from_team());
    if (event.agency() != team_.agency()) return;
    for (const auto& recipient : recipients) add_involved(recipient.team());
  }
  void add_involved(const std::string& team) {
    if (team != team_.id() && involved_.size() < kInvolvedMax) involved_.insert(team);
  }

  // By the identity that the newest of the entries shows.
  Status add_plans() {
    if (page_.items().empty()) return ok();
    v1::EventHeader header;
    v1::Identity identity;
    if (!header.ParseFromString(page_.items(0).header())) return ok();
    for (const auto& section : page_.items(0).sections()) {
      if (section.kind() == v1::SECTION_KIND_IDENTITY) identity.ParseFromString(section.body());
    }
    std::set<store::ListId> lists;
    for (const auto& hash : core::identifier_hashes(view_.secrets, header, identity)) {
      for (const auto& list : store::other_lists(view_.reads, nullptr, hash)) lists.insert(list);
    }
    for (const auto& list : lists) add_plan(list);
    return ok();
  }

  void add_plan(const store::ListId& list) {
    const v1::Team* team = view_.directory.team(list.team);
    if (team == nullptr || list.list == v1::MEMBER_LIST_ENQUIRY) return;
    v1::OpenPlan& plan = *child().add_plans();
    plan.set_list(list.list);
    plan.set_team(team->id());
    plan.set_team_name(team->name());
    *plan.mutable_ring() = core::number_now(view_.directory, *team, view_.now);
  }

  const View& view_;
  const v1::Team& team_;
  const store::LogId log_{team_.handle(), store::Log::kInbox};
  const StoredLog from_{view_.reads, view_.directory, view_.secrets, log_, 0, view_.now};
  v1::Page page_;
  uint64_t bytes_ = 0;
  uint64_t looked_at_ = 0;
  std::vector<store::Cursor> cursors_;
  std::set<std::string> involved_;
};

}  // namespace

Result<v1::Page> child_page(const View& view, const v1::ReadChild& wanted) {
  const v1::Team* team = view.directory.team(wanted.team());
  if (team == nullptr) return not_found();
  return ChildPage(view, *team).make(wanted);
}

}  // namespace switchboard::server
