#include "broker/core/admission.h"

#include <gmock/gmock.h>

#include "broker/base/limits.h"
#include "tests/support/builders.h"
#include "tests/support/directory.h"

namespace switchboard::core {
namespace {

using support::Event;
using testing::HasSubstr;

Admitted judged(const v1::Item& item, const v1::PrincipalRow& who) {
  Admitted out;
  admit(who, ItemOf(item).view(), out);
  return out;
}
v1::PrincipalRow pas() { return support::make_publisher("pas", "X26", "PAS"); }
Admitted judged(const Event& event) {
  static thread_local v1::Item item;
  item = event.item();
  return judged(item, pas());
}

class EveryKind : public testing::TestWithParam<std::string> {};

TEST_P(EveryKind, IsAdmittedWithItsOwnDetail) {
  const Admitted out = judged(Event(GetParam()));
  EXPECT_EQ(out.verdict, Verdict::kAdmit) << out.text;
  EXPECT_FALSE(out.unknown_kind);
  EXPECT_EQ(out.sections.size(), 3u);
}
TEST_P(EveryKind, IsQuarantinedWithoutItsDetail) {
  Event event(GetParam());
  event.detail.Clear();
  EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine);
  EXPECT_EQ(judged(event).code, v1::CODE_INVALID);
}
TEST_P(EveryKind, IsQuarantinedWithoutAChild) {
  Event event(GetParam());
  event.identity.Clear();
  EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine);
}
TEST_P(EveryKind, IsAdmittedByNameAndBirthDateAlone) {
  Event event(GetParam());
  event.identity.clear_identifiers();
  EXPECT_EQ(judged(event).verdict, Verdict::kAdmit);
}
std::vector<std::string> kinds_with_a_detail() {
  std::vector<std::string> names;
  for (const auto& rule : kinds()) {
    if (rule.detail != v1::Detail::KIND_NOT_SET) names.emplace_back(rule.kind);
  }
  return names;
}
INSTANTIATE_TEST_SUITE_P(Kinds, EveryKind, testing::ValuesIn(kinds_with_a_detail()),
                         [](const auto& param) { return param.param; });

TEST(Admission, NotBroughtIsNeverSaidOfAnAdult) {
  Event event("not_brought");
  event.header.mutable_subject()->set_type(v1::SUBJECT_TYPE_ADULT);
  EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine);
  event.header.mutable_subject()->set_type(v1::SUBJECT_TYPE_UNBORN);
  event.identity.set_birth_date("1990-05-01");  // the mother's
  EXPECT_EQ(judged(event).verdict, Verdict::kAdmit);
  event.header.mutable_subject()->clear_type();
  EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine) << "an adult by the birth date";
  event.identity.set_birth_date("2008-03-03");  // eighteen tomorrow
  EXPECT_EQ(judged(event).verdict, Verdict::kAdmit);
  event.identity.clear_birth_date();
  EXPECT_EQ(judged(event).verdict, Verdict::kAdmit) << "nobody says that it is an adult";
}
TEST(Admission, NewContentOfACorrectionIsHeldToTheSame) {
  Event event = support::correction("2", "V1", "not_brought", v1::CORRECTION_NATURE_SUPERSEDED);
  event.detail.mutable_not_brought()->set_attendance_code("3");
  EXPECT_EQ(judged(event).verdict, Verdict::kAdmit);
  event.header.mutable_subject()->set_type(v1::SUBJECT_TYPE_ADULT);
  EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine);
}
TEST(Admission, AnIdentityChangeSaysWhichAndNoOtherKindDoes) {
  Event event("identity_changed");
  event.header.clear_identity_change();
  EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine);
  Event other("admission");
  other.header.set_identity_change(v1::IDENTITY_CHANGE_UPDATED);
  EXPECT_EQ(judged(other).verdict, Verdict::kQuarantine);
}
TEST(Admission, WhatRetiresIdentifiersNamesThem) {
  for (const auto change : {v1::IDENTITY_CHANGE_MERGED, v1::IDENTITY_CHANGE_IDS_CHANGED}) {
    Event event("identity_changed");
    event.header.set_identity_change(change);
    EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine);
    *event.identity.add_prior() = support::local_identifier("M2");
    EXPECT_EQ(judged(event).verdict, Verdict::kAdmit);
    for (size_t i = 0; i < limits::kIdentifiersMax; ++i) {
      *event.identity.add_prior() = support::local_identifier("M2");
    }
    EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine) << "more than one event may name";
  }
  Event moved("identity_changed");
  moved.header.set_identity_change(v1::IDENTITY_CHANGE_VISIT_MOVED);
  EXPECT_EQ(judged(moved).verdict, Verdict::kAdmit);
}
TEST(Admission, ADetailThatSaysNothingIsQuarantined) {
  Event appointment("appointment");
  appointment.detail.mutable_appointment()->clear_status();
  EXPECT_EQ(judged(appointment).verdict, Verdict::kQuarantine);
  appointment.detail.mutable_appointment()->set_attendance_code("5");
  EXPECT_EQ(judged(appointment).verdict, Verdict::kAdmit);
  Event outcome("referral_outcome");
  outcome.detail.mutable_referral_outcome()->clear_decision();
  EXPECT_EQ(judged(outcome).verdict, Verdict::kQuarantine);
  outcome.detail.mutable_referral_outcome()->set_status("Q");
  EXPECT_EQ(judged(outcome).verdict, Verdict::kAdmit);
  Event document("document");
  document.detail.mutable_document()->clear_type();
  EXPECT_EQ(judged(document).verdict, Verdict::kQuarantine);
  document.detail.mutable_document()->set_reference("D-1");
  EXPECT_EQ(judged(document).verdict, Verdict::kAdmit);
}

TEST(Admission, AnUnknownKindIsKeptAndMarked) {
  Event event("carrier_pigeon");
  const Admitted out = judged(event);
  EXPECT_EQ(out.verdict, Verdict::kAdmit);
  EXPECT_TRUE(out.unknown_kind);
}

TEST(Admission, AnUnreadableSourceIsQuarantinedWithItsProblem) {
  Event event("unreadable");
  const Admitted out = judged(event);
  EXPECT_EQ(out.verdict, Verdict::kQuarantine);
  EXPECT_EQ(out.code, v1::CODE_QUARANTINED);
}

TEST(Admission, OnlyAPublisherMayPublish) {
  const Admitted out =
      judged(Event("concern").item(), support::make_endpoint("e", "X26", "X26-SAFETY"));
  EXPECT_EQ(out.verdict, Verdict::kRefuse);
  EXPECT_EQ(out.code, v1::CODE_NOT_ALLOWED);
}

TEST(Admission, AnAgencySpeaksOnlyForItself) {
  Event event("concern");
  event.header.set_agency("X99");
  EXPECT_EQ(judged(event).verdict, Verdict::kRefuse);
  EXPECT_EQ(judged(event).code, v1::CODE_NOT_ALLOWED);
}
TEST(Admission, AKeySpeaksOnlyForItsSystem) {
  Event event("concern");
  event.header.set_system("LAB");
  EXPECT_EQ(judged(event).code, v1::CODE_NOT_ALLOWED);
}
TEST(Admission, ATestKeyMayNotPublishLiveEvents) {
  v1::PrincipalRow key = pas();
  key.set_environment(v1::ENVIRONMENT_TEST);
  EXPECT_EQ(judged(Event("concern").item(), key).code, v1::CODE_NOT_ALLOWED);
}

TEST(Admission, WhatIsOverALimitIsRefusedNotKept) {
  v1::Item header = Event("concern").item();
  header.mutable_header()->append(limits::kHeaderBytesMax, 'x');
  EXPECT_EQ(judged(header, pas()).code, v1::CODE_OVERSIZE);
  v1::Item section = Event("concern").item();
  section.mutable_sections(0)->mutable_body()->assign(limits::kSectionBytesMax + 1, 'x');
  EXPECT_EQ(judged(section, pas()).code, v1::CODE_OVERSIZE);
  EXPECT_EQ(judged(section, pas()).verdict, Verdict::kRefuse);
}
TEST(Admission, SectionsThatTogetherPassTheLimitAreRefused) {
  v1::Item item = Event("concern").item();
  v1::Section& source = *item.add_sections();
  source.set_kind(v1::SECTION_KIND_SOURCE);
  source.set_body(std::string(limits::kSectionBytesMax, 'x'));
  item.mutable_sections(0)->mutable_body()->append(
      limits::kEventBytesMax - limits::kSectionBytesMax, 'y');
  EXPECT_EQ(judged(item, pas()).code, v1::CODE_OVERSIZE);
}

TEST(Admission, AHeaderThatIsNoHeaderIsQuarantinedWithEveryByte) {
  v1::Item item = Event("concern").item();
  item.set_header("\x0f not a header");
  const Admitted out = judged(item, pas());
  EXPECT_EQ(out.verdict, Verdict::kQuarantine);
  EXPECT_EQ(out.code, v1::CODE_MALFORMED);
  EXPECT_EQ(out.sections.size(), 3u);
  EXPECT_EQ(out.header.agency(), "X26");
  EXPECT_FALSE(out.event_id.empty());
}
TEST(Admission, ASectionThatCannotBeParsedIsQuarantinedWithEveryByte) {
  v1::Item item = Event("concern").item();
  item.mutable_sections(0)->set_body("\xff\xff\xff");
  const Admitted out = judged(item, pas());
  EXPECT_EQ(out.verdict, Verdict::kQuarantine);
  EXPECT_EQ(out.code, v1::CODE_MALFORMED);
  EXPECT_EQ(out.sections.size(), 3u);
}
TEST(Admission, ARepeatedOrUnknownSectionIsQuarantined) {
  v1::Item twice = Event("concern").item();
  *twice.add_sections() = twice.sections(0);
  EXPECT_EQ(judged(twice, pas()).verdict, Verdict::kQuarantine);
  v1::Item unknown = Event("concern").item();
  unknown.mutable_sections(0)->set_kind(v1::SECTION_KIND_HEADER);
  EXPECT_EQ(judged(unknown, pas()).verdict, Verdict::kQuarantine);
}
TEST(Admission, TheSameUnusableBytesGetTheSameId) {
  v1::Item item;
  item.set_header("\x0f");
  EXPECT_EQ(judged(item, pas()).event_id, judged(item, pas()).event_id);
  v1::Item other = item;
  other.add_sections()->set_body("x");
  EXPECT_NE(judged(item, pas()).event_id, judged(other, pas()).event_id);
}
TEST(Admission, AnEventWithoutAnIdIsQuarantined) {
  v1::EventHeader header;
  ASSERT_TRUE(header.ParseFromString(Event("concern").item().header()));
  for (const std::string& id : {std::string("short"), std::string(16, '\0')}) {
    header.set_event_id(id);
    v1::Item item = Event("concern").item();
    item.set_header(header.SerializeAsString());
    const Admitted out = judged(item, pas());
    EXPECT_EQ(out.verdict, Verdict::kQuarantine);
    EXPECT_FALSE(out.event_id.empty()) << "it is found again by the id of its bytes";
  }
}

struct Lack {
  const char* field;
  void (*spoil)(v1::EventHeader&);
};
class HeaderField : public testing::TestWithParam<Lack> {};
TEST_P(HeaderField, MissingOrNotAllowedIsQuarantinedAndNamed) {
  Event event("concern");
  GetParam().spoil(event.header);
  const Admitted out = judged(event);
  EXPECT_EQ(out.verdict, Verdict::kQuarantine);
  EXPECT_EQ(out.code, v1::CODE_INVALID);
  EXPECT_NE(out.text.find(GetParam().field), std::string::npos) << out.text;
}
const Lack kLacks[] = {
    {"header.kind", [](v1::EventHeader& h) { h.clear_kind(); }},
    {"header.kind", [](v1::EventHeader& h) { h.set_kind(std::string(65, 'k')); }},
    {"header.source_message_id",
     [](v1::EventHeader& h) { h.set_source_message_id(std::string(1025, 'm')); }},
    {"header.id_origin", [](v1::EventHeader& h) { h.clear_id_origin(); }},
    {"header.environment", [](v1::EventHeader& h) { h.clear_environment(); }},
    {"header.urgency", [](v1::EventHeader& h) { h.clear_urgency(); }},
    {"header.channel", [](v1::EventHeader& h) { h.clear_channel(); }},
    {"header.from_team", [](v1::EventHeader& h) { h.clear_from_team(); }},
    {"header.call_back.phone", [](v1::EventHeader& h) { h.clear_call_back(); }},
    {"header.occurred", [](v1::EventHeader& h) { h.clear_occurred(); }},
    {"header.occurred", [](v1::EventHeader& h) { h.mutable_occurred()->set_latest_us(1); }},
    {"header.threads",
     [](v1::EventHeader& h) {
       for (int i = 0; i < 17; ++i) *h.add_threads() = support::visit("v");
     }},
    {"header.direct_to",
     [](v1::EventHeader& h) {
       for (int i = 0; i < 33; ++i) h.add_direct_to("X99-HV");
     }},
    {"header.family_informed_reason",
     [](v1::EventHeader& h) { h.set_family_informed(v1::FAMILY_INFORMED_NO); }},
    {"header.family_informed_reason",
     [](v1::EventHeader& h) { h.set_family_informed(v1::FAMILY_INFORMED_UNSAFE); }},
};
INSTANTIATE_TEST_SUITE_P(Header, HeaderField, testing::ValuesIn(kLacks));

TEST(Admission, AnAuthoredKindNeedsItsNarrative) {
  Event no_text("concern");
  no_text.summary.clear_text();
  EXPECT_EQ(judged(no_text).verdict, Verdict::kQuarantine);
  Event no_significance("concern");
  no_significance.summary.clear_significance();
  EXPECT_EQ(judged(no_significance).verdict, Verdict::kQuarantine);
  Event no_voice("concern");
  no_voice.summary.clear_child_voice_absent();
  EXPECT_EQ(judged(no_voice).verdict, Verdict::kQuarantine);
}
TEST(Admission, AMachineFeedNeedsNoNarrative) {
  Event event("admission");
  event.summary.Clear();
  EXPECT_EQ(judged(event).verdict, Verdict::kAdmit);
}
TEST(Admission, TooManyIdentifiersAreQuarantined) {
  Event event("admission");
  for (int i = 0; i < 33; ++i) *event.identity.add_identifiers() = support::local_identifier("1");
  EXPECT_EQ(judged(event).verdict, Verdict::kQuarantine);
}
TEST(Admission, ACorrectionNamesItsNatureAndItsTarget) {
  Event good = support::correction("2", "V1", "admission", v1::CORRECTION_NATURE_VOID);
  EXPECT_EQ(judged(good).verdict, Verdict::kAdmit);
  Event no_nature = good;
  no_nature.header.mutable_correction()->clear_nature();
  EXPECT_EQ(judged(no_nature).verdict, Verdict::kQuarantine);
  Event no_kind = good;
  no_kind.header.mutable_correction()->clear_target_kind();
  EXPECT_EQ(judged(no_kind).verdict, Verdict::kQuarantine);
  Event by_id = no_kind;
  by_id.header.mutable_correction()->set_target_event_id(std::string(16, 'i'));
  EXPECT_EQ(judged(by_id).verdict, Verdict::kAdmit);
}

// ---- a telephone call that was logged ----

TEST(Admission, ACallSaysWhoRangWithWhomAndWhatAPersonMustSay) {
  const auto wrong = [](auto change) {
    Event call("call_logged");
    change(call);
    return judged(call).text;
  };
  EXPECT_EQ(wrong([](Event&) {}), "");
  EXPECT_THAT(wrong([](Event& e) { e.detail.mutable_call_logged()->clear_direction(); }),
              HasSubstr("detail.call_logged.direction"));
  EXPECT_THAT(wrong([](Event& e) { e.detail.mutable_call_logged()->clear_with_whom(); }),
              HasSubstr("detail.call_logged.with_whom"));
  EXPECT_THAT(wrong([](Event& e) { e.detail.mutable_concern(); }),
              HasSubstr("detail of kind call_logged"));
  EXPECT_THAT(wrong([](Event& e) { e.summary.clear_text(); }), HasSubstr("summary.text"));
  EXPECT_THAT(wrong([](Event& e) { e.summary.clear_child_voice_absent(); }),
              HasSubstr("child_voice"));
}

}  // namespace
}  // namespace switchboard::core
