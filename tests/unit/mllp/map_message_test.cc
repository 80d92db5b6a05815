#include "adapters/mllp/map_message.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "broker/base/limits.h"
#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

struct Row {
  const char* sample;
  const char* kind;
  v1::CorrectionNature nature;
  const char* target_kind;
  v1::Urgency urgency;
};
constexpr auto kNone = v1::CORRECTION_NATURE_UNSPECIFIED;

std::string unreadable_code(const Outcome& outcome) {
  const auto* held = std::get_if<Unreadable>(&outcome);
  return held ? held->problem.code : "not held";
}
std::string out_of_scope(const Outcome& outcome) {
  const auto* out = std::get_if<OutOfScope>(&outcome);
  return out ? out->trigger + " " + out->why : "in scope";
}
std::string refused_at(const Outcome& outcome) {
  const auto* refused = std::get_if<Refused>(&outcome);
  return refused ? refused->error.location : "not refused";
}

}  // namespace

TEST(MapMessage, EachTriggerMakesItsKind) {
  const Row rows[] = {
      {"adt_a01_welsh_name", "admission", kNone, "", v1::URGENCY_ROUTINE},
      {"adt_a03_discharge", "discharge", kNone, "", v1::URGENCY_ROUTINE},
      {"adt_a04_ed_o_brien", "ed_attendance", kNone, "", v1::URGENCY_URGENT},
      {"adt_a08_update", "correction", v1::CORRECTION_NATURE_SUPERSEDED, "admission",
       v1::URGENCY_URGENT},
      {"adt_a11_cancel_admission", "correction", v1::CORRECTION_NATURE_VOID, "admission",
       v1::URGENCY_URGENT},
      {"adt_a13_cancel_discharge", "correction", v1::CORRECTION_NATURE_VOID, "discharge",
       v1::URGENCY_URGENT},
      {"pas_a01_no_charset_windows_1252", "admission", kNone, "", v1::URGENCY_ROUTINE},
      {"itk_a01_twin_one", "admission", kNone, "", v1::URGENCY_ROUTINE},
      {"itk_ref_i12_referral", "referral", kNone, "", v1::URGENCY_URGENT},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.sample);
    const v1::EventHeader header = event_of(row.sample).header();
    EXPECT_EQ(header.kind(), row.kind);
    EXPECT_EQ(header.correction().nature(), row.nature);
    EXPECT_EQ(header.correction().target_kind(), row.target_kind);
    EXPECT_EQ(header.urgency(), row.urgency);
    EXPECT_EQ(header.agency(), "XA1");
    EXPECT_EQ(header.from_team(), "xa1-safety-net");
    EXPECT_EQ(header.call_back().phone(), "01632 960100");
    EXPECT_EQ(header.environment(), v1::ENVIRONMENT_LIVE);
    EXPECT_EQ(header.id_origin(), v1::ID_ORIGIN_DERIVED);
    EXPECT_EQ(header.event_id().size(), 16u);
  }
}

TEST(MapMessage, AnAdmissionIsComplete) {
  const v1::Event event = event_of("adt_a01_welsh_name");
  EXPECT_EQ(event.identity().name().family(), "Llŷr-Jones");
  EXPECT_EQ(event.identity().name().given(0), "Siŵan");
  EXPECT_EQ(event.identity().aliases_size(), 1);
  EXPECT_EQ(event.identity().birth_date(), "2019-07-01");
  EXPECT_EQ(event.identity().sex(), v1::SEX_FEMALE);
  EXPECT_EQ(event.identity().related(0).relationship(), "MTH");
  ASSERT_EQ(event.identity().identifiers_size(), 2);
  EXPECT_EQ(event.identity().identifiers(0).value(), "9123456787");
  EXPECT_EQ(event.identity().identifiers(1).authority(), "XA1-MRN");
  EXPECT_EQ(event.header().subject().area_code(), "E06009901");
  EXPECT_EQ(event.header().subject().registered_practice(), "X81003");
  EXPECT_EQ(event.header().subject().place_of_care(), "XA101");
  EXPECT_EQ(event.header().occurred().raw(), "20261122140530");
  EXPECT_EQ(event.location().postcode(), "XA1 1AA");
  EXPECT_EQ(event.location().address_lines(0), "12 Larch Row");
  EXPECT_EQ(event.detail().admission().admission_method(), "21");
  EXPECT_EQ(event.source().content(), sample("adt_a01_welsh_name"));
  EXPECT_FALSE(event.source().charset_guessed());
  EXPECT_EQ(event.summary().text(),
            "Admitted to Northmoor General Hospital, as an emergency, through the emergency "
            "department, under paediatrics, on 22 November 2026 at 14:05. Reason given: Fall from "
            "height at home.");
}

TEST(MapMessage, SummariesNameNobodyAndReadAsSentences) {
  EXPECT_EQ(event_of("adt_a03_discharge").summary().text(),
            "Left Northmoor General Hospital on 24 November 2026 at 10:00, discharged on clinical "
            "advice, to the usual home.");
  EXPECT_EQ(event_of("adt_a13_cancel_discharge").summary().text(),
            "Cancelled: the discharge sent before did not happen. The patient is still in care.");
  EXPECT_EQ(event_of("itk_ref_i12_referral").summary().text(),
            "Referred to Early help hub Westmoor by Ms Ada Pell on 2 December 2026. Reason given: "
            "Missed antenatal visits; two moves in a year.");
}

TEST(MapMessage, OneVisitIsOneThreadThroughAllItsMessages) {
  const auto thread = event_of("adt_a01_welsh_name").header().threads(0);
  EXPECT_EQ(thread.authority(), "XA1/EPR");
  EXPECT_EQ(thread.value(), "V900001");
  using google::protobuf::util::MessageDifferencer;
  for (const char* name :
       {"adt_a08_update", "adt_a11_cancel_admission", "adt_a13_cancel_discharge"}) {
    const auto header = event_of(name).header();
    EXPECT_TRUE(MessageDifferencer::Equals(header.correction().target_thread(), thread)) << name;
  }
}

TEST(MapMessage, AnUpdateThatChangesNoRoutedFieldHasTheHashOfTheAdmission) {
  const std::string a08 = sample("adt_a08_update");
  const auto hash = [](const std::string& raw) {
    return mapped(raw).event.header().routed_fields_hash();
  };
  EXPECT_EQ(hash(a08), hash(sample("adt_a01_welsh_name")));
  EXPECT_NE(hash(a08), hash(replaced(a08, "XA1 1AA", "XB7 1AA")));
  EXPECT_NE(hash(a08), hash(replaced(a08, "X81003", "X81004")));
  EXPECT_NE(hash(a08), hash(replaced(a08, "9123456787", "9234567803")));
}

TEST(MapMessage, ACancellationHasNoHashSoItIsNeverTakenForNoise) {
  EXPECT_TRUE(event_of("adt_a11_cancel_admission").header().routed_fields_hash().empty());
}

TEST(MapMessage, AnHonestResendIsTheSameEventAndOtherBytesAreAnother) {
  const std::string raw = sample("adt_a01_welsh_name");
  const Mapping mapping = example_mapping();
  const auto at = [&](Time received) {
    return std::get<Mapped>(map_message(raw, mapping, kListener, received, nullptr))
        .events.at(0)
        .event;
  };
  using google::protobuf::util::MessageDifferencer;
  EXPECT_TRUE(MessageDifferencer::Equals(at(kReceived), at(kReceived + seconds(3600))));
  EXPECT_NE(mapped(replaced(raw, "BAY2", "BAY9")).event.header().event_id(),
            at(kReceived).header().event_id());
}

TEST(MapMessage, TheEndOfAnEmergencyVisitIsADischarge) {
  const std::string a03 = replaced(sample("adt_a03_discharge"), "|1|I|", "|1|E|");
  EXPECT_EQ(mapped(a03).event.header().kind(), "discharge");
}

TEST(MapMessage, AnEmergencyCancellationVoidsTheAttendance) {
  const std::string a11 = replaced(sample("adt_a11_cancel_admission"), "|1|I|", "|1|E|");
  EXPECT_EQ(mapped(a11).event.header().correction().target_kind(), "ed_attendance");
}

TEST(MapMessage, SwappedDischargeFieldsAreUnderstoodAndNoted) {
  const MappedEvent done = mapped(sample("adt_a03_self_discharge_swapped_fields"));
  EXPECT_EQ(done.event.detail().discharge().discharge_method(), "2");
  EXPECT_EQ(done.event.detail().discharge().discharge_destination(), "66");
  EXPECT_TRUE(done.event.detail().discharge().self_discharge());
  EXPECT_THAT(done.notes, testing::Contains(testing::HasSubstr("exchanged")));
}

TEST(MapMessage, EscapedAndPrintedFormsAreRead) {
  const v1::Event event = event_of("adt_a04_ed_o_brien");
  EXPECT_EQ(event.identity().name().family(), "O'Brien");
  EXPECT_EQ(event.identity().identifiers(0).value(), "9234567803");
  EXPECT_EQ(event.detail().ed_attendance().chief_complaint(), "Burn to the arm& hand");
  EXPECT_EQ(event.detail().ed_attendance().accompanied_by(), "Neighbour");
  EXPECT_EQ(event.detail().coded().at("intended_management"), "2");
  EXPECT_EQ(to_rfc3339(Time{event.header().occurred().earliest_us()}), "2026-07-01T21:10:00.000Z");
}

TEST(MapMessage, AGuessedCharacterSetIsReadMarkedAndKept) {
  const v1::Event event = event_of("pas_a01_no_charset_windows_1252");
  EXPECT_EQ(event.identity().name().family(), "O’Brien-Faÿ");
  EXPECT_EQ(event.identity().name().given(0), "Zoë");
  EXPECT_TRUE(event.source().charset_guessed());
  EXPECT_EQ(event.source().charset(), "windows-1252");
  EXPECT_EQ(event.source().content(), sample("pas_a01_no_charset_windows_1252"));
}

TEST(MapMessage, OnlyATracedNumberIsVerified) {
  const auto nhs = [](const std::string& name) {
    const v1::Event event = event_of(name);
    for (const v1::Identifier& i : event.identity().identifiers()) {
      if (i.type() == v1::IDENTIFIER_TYPE_NHS_NUMBER) return i.verification();
    }
    return v1::VERIFICATION_UNSPECIFIED;
  };
  EXPECT_EQ(nhs("pas_a01_no_charset_windows_1252"), v1::VERIFICATION_VERIFIED);
  EXPECT_EQ(nhs("itk_ref_i12_referral"), v1::VERIFICATION_VERIFIED);
  EXPECT_EQ(nhs("itk_a01_twin_one"), v1::VERIFICATION_UNVERIFIED);
  EXPECT_EQ(nhs("adt_a01_welsh_name"), v1::VERIFICATION_UNVERIFIED);
}

TEST(MapMessage, AChildWithoutANumberIsAcceptedOnTheLocalOne) {
  const MappedEvent done = mapped(sample("pas_a04_ed_no_nhs_number"));
  ASSERT_EQ(done.event.identity().identifiers_size(), 1);
  EXPECT_EQ(done.event.identity().identifiers(0).authority(), "XB2-MRN");
  EXPECT_EQ(done.event.header().subject().type(), v1::SUBJECT_TYPE_CHILD);
  EXPECT_THAT(done.notes, testing::Contains(testing::HasSubstr("provisional")));
}

TEST(MapMessage, InvalidAndRepeatedNumbersAreAcceptedKeptAndNeverVerified) {
  const MappedEvent done = mapped(sample("pas_a01_invalid_nhs_number"));
  ASSERT_EQ(done.event.identity().identifiers_size(), 3);
  EXPECT_EQ(done.event.identity().identifiers(0).verification(), v1::VERIFICATION_INVALID);
  EXPECT_EQ(done.event.identity().identifiers(1).value(), "9999999999");
  EXPECT_EQ(done.event.identity().identifiers(1).verification(), v1::VERIFICATION_INVALID);
  EXPECT_EQ(done.event.identity().identifiers(2).type(), v1::IDENTIFIER_TYPE_OTHER);
  EXPECT_THAT(done.notes, testing::Contains(testing::HasSubstr("(\"ELSEWHERE\", \"PI\")")));
}

TEST(MapMessage, TwoDifferentNumbersAreBothUnverified) {
  const MappedEvent done =
      mapped(replaced(sample("pas_a01_no_charset_windows_1252"), "9345678123^^^^NHS",
                      "9345678123^^^^NHS~9456781232^^^^NHS"));
  for (const v1::Identifier& i : done.event.identity().identifiers()) {
    EXPECT_EQ(i.verification(), v1::VERIFICATION_UNVERIFIED);
  }
  EXPECT_THAT(done.notes, testing::Contains(testing::HasSubstr("two different NHS numbers")));
}

TEST(MapMessage, TwinsStayTwoPeople) {
  const v1::Event one = event_of("itk_a01_twin_one"), two = event_of("itk_a01_twin_two");
  EXPECT_EQ(one.identity().name().family(), "Ávila");
  EXPECT_EQ(one.identity().birth_date(), two.identity().birth_date());
  EXPECT_NE(one.identity().identifiers(0).value(), two.identity().identifiers(0).value());
  EXPECT_EQ(one.detail().coded().at("birth_order"), "1");
  EXPECT_EQ(two.detail().coded().at("birth_order"), "2");
  EXPECT_NE(one.header().event_id(), two.header().event_id());
}

TEST(MapMessage, TheRepeatedHourIsARangeAndTheSummarySaysSo) {
  const v1::Event event = event_of("pas_a04_ed_repeated_hour");
  EXPECT_TRUE(event.header().occurred().ambiguous());
  EXPECT_EQ(to_rfc3339(Time{event.header().occurred().earliest_us()}), "2026-10-25T00:30:00.000Z");
  EXPECT_THAT(event.summary().text(), testing::HasSubstr("may be an hour later"));
}

TEST(MapMessage, AProtectedAddressStaysAtHome) {
  const std::string raw = replaced(sample("adt_a01_welsh_name"), "X8888881^Hollis^Ruth",
                                   "X8888881^Hollis^Ruth||||||||Y");
  const v1::Event event = mapped(raw).event;
  EXPECT_FALSE(event.has_location());
  EXPECT_TRUE(event.header().protected_address()) << "the hub and every screen have to know";
  EXPECT_EQ(event.header().subject().area_code(), "E06009901");
  EXPECT_FALSE(event_of("adt_a01_welsh_name").header().protected_address());
}

TEST(MapMessage, AProtectedAddressTakesTheNumbersOfRelatedPeopleWithIt) {
  const std::string raw = sample("adt_a01_welsh_name");
  const auto mother = [](const std::string& text) {
    return mapped(text).event.identity().related(0);
  };
  EXPECT_EQ(mother(raw).phone(), "01632960012");
  const auto hidden =
      mother(replaced(raw, "X8888881^Hollis^Ruth", "X8888881^Hollis^Ruth||||||||Y"));
  EXPECT_EQ(hidden.phone(), "");
  EXPECT_EQ(hidden.name().family(), "Jones");
}

TEST(MapMessage, AnAddressThatBecomesProtectedIsNews) {
  const std::string raw = sample("adt_a01_welsh_name");
  const std::string hidden = replaced(raw, "X8888881^Hollis^Ruth", "X8888881^Hollis^Ruth||||||||Y");
  EXPECT_NE(mapped(raw).event.header().routed_fields_hash(),
            mapped(hidden).event.header().routed_fields_hash());
}

TEST(MapMessage, AdultsOutsideMaternityAreOutOfScope) {
  const std::string adult = sample("scope_adult_a01");
  EXPECT_EQ(out_of_scope(map_text(adult)), "ADT^A01 adult");
  const std::string maternity = replaced(adult, "||||||100|", "||||||501|");
  EXPECT_EQ(mapped(maternity).event.header().subject().type(), v1::SUBJECT_TYPE_ADULT);
}

TEST(MapMessage, OtherTriggersAreIgnoredOrKeptAsTheListenerSays) {
  ListenerIdentity keeps = kListener;
  keeps.other_triggers = ListenerIdentity::OtherTriggers::kQuarantine;
  const std::string a09 = sample("other_a09_departing");
  EXPECT_EQ(out_of_scope(map_text(a09)), "ADT^A09 trigger");
  EXPECT_EQ(unreadable_code(map_text(a09, example_mapping(), keeps)), "unmapped_trigger");
  const std::string clinic = replaced(sample("adt_a04_ed_o_brien"), "|1|E|", "|1|O|");
  EXPECT_EQ(out_of_scope(map_text(clinic)), "ADT^A04 patient class");
}

TEST(MapMessage, WhatCannotBeReadIsHeldWithItsBytes) {
  const std::string a01 = sample("adt_a01_welsh_name");
  const std::string unknown =
      replaced(replaced(a01, "UNICODE UTF-8", "ISO IR87"), "Larch", "L\xe9");
  EXPECT_EQ(unreadable_code(map_text("PID|1\r")), "no_msh");
  EXPECT_EQ(unreadable_code(map_text("")), "no_msh");
  EXPECT_EQ(unreadable_code(map_text(sample("bad_no_pid"))), "no_pid");
  EXPECT_EQ(unreadable_code(map_text(sample("line_ends_lf"))), "no_pid");
  EXPECT_EQ(unreadable_code(map_text(replaced(a01, "E100001", ""))), "no_control_id");
  EXPECT_EQ(unreadable_code(map_text(replaced(a01, "ADT^A01^ADT_A01", ""))), "no_trigger");
  EXPECT_EQ(unreadable_code(map_text(unknown)), "unknown_charset");
  EXPECT_EQ(unreadable_code(map_text(replaced(sample("adt_a11_cancel_admission"), "V900001", ""))),
            "no_visit_number");
  const Outcome outcome = map_text(sample("bad_no_pid"));
  const v1::Event& held = std::get<Unreadable>(outcome).event;
  EXPECT_EQ(held.header().kind(), "unreadable");
  EXPECT_EQ(held.header().source_message_id(), "E100090");
  EXPECT_EQ(held.source().content(), sample("bad_no_pid"));
  EXPECT_EQ(held.source().problem(), "no_pid");
}

TEST(MapMessage, AnUnknownCharacterSetThatIsUtf8AllTheSameIsReadAndMarked) {
  const MappedEvent done =
      mapped(replaced(sample("adt_a01_welsh_name"), "UNICODE UTF-8", "ISO IR87"));
  EXPECT_EQ(done.event.identity().name().given(0), "Siŵan");
  EXPECT_TRUE(done.event.source().charset_guessed());
}

TEST(MapMessage, LineFeedsAreReadWhereTheFileSaysSo) {
  Mapping any = example_mapping();
  any.line_ends = LineEnds::kAny;
  EXPECT_EQ(mapped(sample("line_ends_lf"), any).event.header().kind(), "admission");
}

TEST(MapMessage, AStrangersMessageIsRefused) {
  const std::string a01 = sample("adt_a01_welsh_name");
  EXPECT_EQ(refused_at(map_text(replaced(a01, "|EPR|", "|OTHER|"))), "MSH-3");
  EXPECT_EQ(refused_at(map_text(replaced(a01, "|XA1|", "|XZ9|"))), "MSH-4");
}

TEST(MapMessage, TestTrafficNeverMeetsALiveListenerNorLiveATestOne) {
  ListenerIdentity test = kListener;
  test.environment = v1::ENVIRONMENT_TEST;
  const std::string training = sample("bad_training_message");
  EXPECT_EQ(refused_at(map_text(training)), "MSH-11");
  EXPECT_EQ(refused_at(map_text(replaced(training, "|T|2.4", "|D|2.4"))), "MSH-11");
  EXPECT_EQ(refused_at(map_text(sample("adt_a01_welsh_name"), example_mapping(), test)), "MSH-11");
  const Outcome outcome = map_text(training, example_mapping(), test);
  EXPECT_EQ(std::get<Mapped>(outcome).events.at(0).event.header().environment(),
            v1::ENVIRONMENT_TEST);
}

TEST(MapMessage, AHugeMessageStaysWithinTheLimitsOfAnEvent) {
  const std::string wide(60'000, 'w');
  std::string raw = sample("adt_a01_welsh_name");
  raw = replaced(raw, "Llŷr-Jones", wide);
  raw = replaced(raw, "V900001", wide);
  for (int i = 0; raw.size() < limits::kSourceBytesMax - 130'000; ++i) {
    raw += "NK1|" + std::to_string(i) + "|" + wide + "^" + wide + "|MTH||" + wide + "\r";
  }
  const v1::Event event = mapped(raw).event;
  EXPECT_LT(event.ByteSizeLong(), limits::kEventBytesMax);
  EXPECT_LT(event.header().ByteSizeLong(), limits::kHeaderBytesMax);
}

TEST(MapMessage, ATruncatedFrameIsHeldUnderItsControlId) {
  const std::string cut = sample("adt_a01_welsh_name").substr(0, 150);
  const Unreadable held = unreadable(cut, {"truncated_frame", "the connection closed"},
                                     example_mapping(), kListener, kReceived);
  EXPECT_EQ(held.event.header().source_message_id(), "E100001");
  EXPECT_EQ(held.event.source().content(), cut);
}

}  // namespace switchboard::mllp
