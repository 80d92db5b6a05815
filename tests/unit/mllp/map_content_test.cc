// What stands in the events of each kind: content, threads, ids. The triggers themselves are
// triggers_test.cc and vendors_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/base/ids.h"
#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string siu(const std::string& trigger, const std::string& code,
                const std::string& birth = "20190701", const std::string& specialty = "420") {
  return "MSH|^~\\&|EPR|XA1|||20261123101500||SIU^" + trigger +
         "|S1|P|2.4\rSCH|P1|A1||||NC^No contact|REV^Review||||^^15^20261201093000||||||||||||||" +
         code + "\rPID|1||9123456787^^^NHS^HN~E1^^^XA1^MR||Rowe^Ada||" + birth +
         "|F|||1 Low Row^^Northmoor^^XA1 1AA||01632960011\rPV1|1|O|C1^^^XA101|||||||" + specialty +
         "|||||||||V9\rRGS|1\rAIS|1||CL^Burns clinic\rAIL|1||C1^^^XA101\r";
}

v1::Event made(const std::string& raw, const Mapping& mapping = example_mapping()) {
  return mapped(raw, mapping).event;
}

Mapping all_adults() {
  Mapping mapping = example_mapping();
  mapping.scope.adults = Adults::kAll;
  return mapping;
}

std::string unreadable_code(const std::string& raw) {
  const Outcome outcome = map_text(raw);
  const auto* held = std::get_if<Unreadable>(&outcome);
  return held ? held->problem.code : "not held";
}

}  // namespace

TEST(Appointments, EveryCodeOfTheDataDictionaryMeansWhatItSays) {
  const auto status = [](const std::string& code) {
    return made(siu("S12", code)).detail().appointment().status();
  };
  EXPECT_EQ(status(""), v1::APPOINTMENT_STATUS_BOOKED);
  EXPECT_EQ(status("5"), v1::APPOINTMENT_STATUS_ATTENDED);
  EXPECT_EQ(status("6"), v1::APPOINTMENT_STATUS_ATTENDED);
  EXPECT_EQ(status("2"), v1::APPOINTMENT_STATUS_CANCELLED_BY_FAMILY);
  EXPECT_EQ(status("4"), v1::APPOINTMENT_STATUS_CANCELLED_BY_PROVIDER);
  for (const char* code : {"3", "7", "NoShow", "dna", "WNB"}) {
    EXPECT_EQ(made(siu("S12", code)).header().kind(), "not_brought") << code;
  }
}

TEST(Appointments, AMissedVisitSaysWhenWhereAndWhy) {
  const v1::Event event = made(siu("S26", "3"));
  const v1::NotBrought& missed = event.detail().not_brought();
  EXPECT_EQ(missed.appointment().raw(), "20261201093000");
  EXPECT_EQ(missed.service(), "Burns clinic");
  EXPECT_EQ(missed.reason(), "No contact");
  EXPECT_EQ(missed.attendance_code(), "3");
  EXPECT_FALSE(missed.antenatal());
  EXPECT_EQ(event.header().threads(0).type(), v1::THREAD_TYPE_APPOINTMENT);
  EXPECT_EQ(event.header().threads_size(), 1);  // not the visit's too: see map_threads
  EXPECT_EQ(event.summary().text(),
            "Was not brought to an appointment with Burns clinic on 1 December 2026 at 09:30. "
            "Reason given: No contact.");
}

TEST(Appointments, AnAdultsOwnMissedVisitIsNeverCalledNotBrought) {
  const v1::Event event = made(siu("S26", "3", "19800101"), all_adults());
  EXPECT_EQ(event.header().kind(), "appointment");
  EXPECT_EQ(event.header().subject().type(), v1::SUBJECT_TYPE_ADULT);
  EXPECT_EQ(event.detail().appointment().attendance_code(), "3");
  EXPECT_EQ(event.summary().text(),
            "An appointment with Burns clinic on 1 December 2026 at 09:30 was not kept. Reason "
            "given: Review.");
}

TEST(Appointments, AnEighteenthBirthdayOnTheDayIsAnAdults) {
  EXPECT_EQ(made(siu("S26", "3", "20081124"), all_adults()).header().kind(), "not_brought");
  EXPECT_EQ(made(siu("S26", "3", "20081123"), all_adults()).header().kind(), "appointment");
}

TEST(Appointments, AMissedMaternityVisitIsAboutTheUnbornKnownByTheMother) {
  Mapping mapping = example_mapping();
  mapping.appointment.expected_delivery = *FieldPlace::parse("ZMT-1");
  const v1::Event event = made(siu("S26", "3", "19950101", "501") + "ZMT|20270301\r", mapping);
  EXPECT_EQ(event.header().kind(), "not_brought");
  EXPECT_EQ(event.header().subject().type(), v1::SUBJECT_TYPE_UNBORN);
  EXPECT_TRUE(event.detail().not_brought().antenatal());
  EXPECT_EQ(event.identity().identifiers_size(), 0);
  EXPECT_TRUE(event.identity().name().family().empty());
  EXPECT_TRUE(event.identity().birth_date().empty());
  EXPECT_EQ(event.identity().unborn().mother_size(), 2);
  EXPECT_EQ(event.identity().unborn().expected_delivery_date(), "2027-03-01");
  EXPECT_EQ(event.identity().related(0).relationship(), "MTH");
  EXPECT_EQ(event.identity().related(0).name().family(), "Rowe");
  EXPECT_THAT(event.summary().text(),
              testing::AllOf(testing::StartsWith("An antenatal appointment with "),
                             testing::EndsWith(" was missed. Reason given: No contact.")));
}

TEST(Appointments, ACancellationSaysByWhom) {
  const auto reason = [](const std::string& code) {
    return made(siu("S15", code)).header().correction().reason();
  };
  EXPECT_EQ(reason("2"), "cancelled by or for the patient");
  EXPECT_EQ(reason("4"), "cancelled by the provider");
  EXPECT_EQ(reason(""), "cancelled in the sender's record");
}

TEST(Appointments, AMovedAppointmentIsNoNoiseAndTheSameOneIs) {
  const auto hash = [](const std::string& raw) { return made(raw).header().routed_fields_hash(); };
  const std::string booked = siu("S12", "Booked");
  EXPECT_EQ(hash(booked), hash(siu("S14", "Booked")));
  EXPECT_NE(hash(booked), hash(replaced(siu("S13", "Booked"), "20261201093000", "20261208093000")));
  EXPECT_NE(hash(booked), hash(siu("S14", "5")));
}

TEST(Appointments, ACorrectionWithoutItsNumberIsHeld) {
  EXPECT_EQ(unreadable_code(replaced(siu("S15", "2"), "SCH|P1|A1", "SCH|P1|")),
            "no_appointment_number");
  EXPECT_EQ(unreadable_code(replaced(replaced(sample("itk_ref_i12_referral"), "REF^I12", "REF^I14"),
                                     "R-77^XC3", "")),
            "no_referral_number");
}

TEST(Referrals, AnAnswerGoesByTheReferrersNumber) {
  const std::string rri =
      replaced(sample("itk_ref_i12_referral"), "REF^I12^REF_I12", "RRI^I12^RRI_I12");
  const v1::Event event = made(rri);
  EXPECT_EQ(event.header().kind(), "referral_outcome");
  EXPECT_EQ(event.header().threads(0).type(), v1::THREAD_TYPE_REFERRAL);
  EXPECT_EQ(event.header().threads(0).authority(), "XA1/EPR");
  EXPECT_EQ(event.header().threads(0).value(), "R-77");
  EXPECT_EQ(event.detail().referral_outcome().decision(), v1::REFERRAL_DECISION_ACCEPTED);
  const MappedEvent odd = mapped(replaced(rri, "A^Accepted", "Z9"));
  EXPECT_EQ(odd.event.detail().referral_outcome().decision(), v1::REFERRAL_DECISION_UNSPECIFIED);
  EXPECT_EQ(odd.event.detail().referral_outcome().status(), "Z9");
  EXPECT_THAT(odd.notes, testing::Contains(HasSubstr("decisions does not name")));
}

TEST(Referrals, AChangedReasonIsNoNoise) {
  const std::string i13 = replaced(sample("itk_ref_i12_referral"), "REF^I12", "REF^I13");
  const auto hash = [](const std::string& raw) { return made(raw).header().routed_fields_hash(); };
  EXPECT_EQ(hash(i13), hash(sample("itk_ref_i12_referral")));
  EXPECT_NE(hash(i13), hash(replaced(i13, "two moves", "three moves")));
}

TEST(Discharges, LocalAuthorityCareAndSelfDischargeAreMarked) {
  const std::string a03 = sample("adt_a03_discharge");
  EXPECT_FALSE(made(a03).detail().discharge().to_local_authority_care());
  for (const char* code : {"65", "66"}) {
    const v1::Discharge d =
        made(replaced(a03, "|1|19|", std::string("|1|") + code + "|")).detail().discharge();
    EXPECT_TRUE(d.to_local_authority_care()) << code;
    EXPECT_FALSE(d.self_discharge());
  }
}

TEST(Discharges, ADeathStandsForTheDischarge) {
  const v1::Event event = made(replaced(sample("adt_a03_discharge"), "|1|19|", "|5|79|"));
  EXPECT_EQ(event.header().kind(), "death");
  EXPECT_TRUE(event.detail().death().ends_visit());
  EXPECT_TRUE(event.detail().death().stillborn());
  EXPECT_EQ(event.header().threads(0).type(), v1::THREAD_TYPE_VISIT);
  EXPECT_THAT(event.summary().text(), HasSubstr("was stillborn on"));
}

TEST(Updates, AStayThatBecomesAnOutpatientsIsNeverNoise) {
  const std::string a07 = replaced(sample("adt_a08_update"), "ADT^A08", "ADT^A07");
  EXPECT_TRUE(made(a07).header().routed_fields_hash().empty());
  EXPECT_THAT(made(a07).summary().text(), HasSubstr("No longer an inpatient"));
}

TEST(Updates, WhatIsDeletedIsGoneAndNamed) {
  const std::string a31 = replaced(replaced(sample("adt_a08_update"), "ADT^A08", "ADT^A31"),
                                   "12 Larch Row^^Northmoor^Moorshire^XA1 1AA^GBR^H", "\"\"");
  const v1::Event event = made(a31);
  EXPECT_EQ(event.header().identity_change(), v1::IDENTITY_CHANGE_UPDATED);
  EXPECT_THAT(event.detail().identity_changed().fields(), ElementsAre("address"));
  EXPECT_THAT(event.summary().text(), testing::EndsWith(" Removed: address."));
  EXPECT_TRUE(event.location().postcode().empty());
  EXPECT_EQ(event.header().threads_size(), 0);
}

TEST(Updates, ADeltaThatCannotBeComparedIsNeverNoise) {
  Mapping delta = example_mapping();
  delta.updates = {.identifiers = Repeats::kDelta, .addresses = Repeats::kDelta};
  const std::string whole = sample("adt_a08_update");
  const std::string no_number = replaced(whole, "9123456787^^^NHS^HN~", "");
  const std::string no_local = replaced(whole, "~E5550001^^^XA1^MR", "");
  const std::string no_address =
      replaced(whole, "12 Larch Row^^Northmoor^Moorshire^XA1 1AA^GBR^H", "");
  const auto hash = [&](const std::string& raw) {
    return mapped(raw, delta).event.header().routed_fields_hash();
  };
  EXPECT_FALSE(hash(whole).empty());
  EXPECT_EQ(hash(no_local), hash(whole));
  EXPECT_TRUE(hash(no_number).empty());
  EXPECT_TRUE(hash(no_address).empty());
  EXPECT_NE(made(no_local).header().routed_fields_hash(),
            made(whole).header().routed_fields_hash());
  EXPECT_THAT(mapped(whole, delta).event.summary().text(),
              HasSubstr("Only what changed is listed of: identifiers, addresses."));
}

TEST(Merges, WhatIsRetiredStandsApartAndIsNeverVerified) {
  const std::string a40 =
      "MSH|^~\\&|EPR|XA1|||20261123101500||ADT^A40|M1|P|2.4\rEVN|A40\r"
      "PID|1||9123456787^^^NHS^HN~E1^^^XA1^MR||Rowe^Ada||20190701|F\r"
      "MRG|E2^^^XA1^MR~9234567803^^^NHS^HN\rPID|2||E3^^^XA1^MR||Dale^Bo\r"
      "MRG|E4^^^XA1^MR\r";
  const auto events = all_mapped(a40);
  ASSERT_EQ(events.size(), 2u);
  const v1::Identity& first = events[0].event.identity();
  ASSERT_EQ(first.prior_size(), 2);
  EXPECT_EQ(first.prior(0).value(), "E2");
  EXPECT_EQ(first.prior(1).verification(), v1::VERIFICATION_UNVERIFIED);
  EXPECT_EQ(first.identifiers(0).value(), "9123456787");
  EXPECT_EQ(events[1].event.identity().prior(0).value(), "E4");
  EXPECT_EQ(unreadable_code(replaced(a40, "MRG|E4^^^XA1^MR\r", "")), "no_mrg");
}

TEST(Parts, TheFirstKeepsTheIdOfTheMessageAndAllStayTheSame) {
  const std::string one =
      "MSH|^~\\&|EPR|XA1|||20261123101500||ADT^A40|M1|P|2.4\rEVN|A40\r"
      "PID|1||E1^^^XA1^MR||Rowe^Ada\rMRG|E2^^^XA1^MR\r";
  const std::string two = one + "PID|2||E3^^^XA1^MR||Dale^Bo\rMRG|E4^^^XA1^MR\r";
  const auto id = [](std::string_view bytes, std::string_view part, Time time) {
    return std::string(derive_event_id({.agency = "XA1",
                                        .system = "EPR",
                                        .message_id = "M1",
                                        .bytes = bytes,
                                        .part = part,
                                        .time = time})
                           .view());
  };
  const auto events = all_mapped(two);
  const Time time{events[0].event.header().occurred().earliest_us()};
  EXPECT_EQ(made(one).header().event_id(), id(one, "", time));
  EXPECT_EQ(events[0].event.header().event_id(), id(two, "", time));
  EXPECT_EQ(events[1].event.header().event_id(), id(two, "2", time));
  EXPECT_EQ(events[1].event.source().content(),
            "MSH|^~\\&|EPR|XA1|||20261123101500||ADT^A40|M1|P|2.4\rEVN|A40\r"
            "PID|2||E3^^^XA1^MR||Dale^Bo\rMRG|E4^^^XA1^MR\r");
  EXPECT_THAT(events[1].notes, testing::Contains(HasSubstr("part 2 of 2")));
}

TEST(Documents, OnlyTheirExistenceLeaves) {
  const std::string mdm =
      "MSH|^~\\&|EPR|XA1|||20261123101500||MDM^T02|D1|P|2.4\r"
      "PID|1||9123456787^^^NHS^HN||Rowe^Ada||20190701\rPV1|1|I||||||||||||||||V1\r"
      "TXA|1|DS||20261123||||||||D77\rOBX|1|TX|||the words of the letter\r";
  const v1::Event event = made(mdm);
  EXPECT_EQ(event.detail().document().type(), "Discharge summary");
  EXPECT_EQ(event.detail().document().reference(), "D77");
  EXPECT_THAT(event.SerializeAsString(), testing::Not(HasSubstr("words of the letter")));
  EXPECT_THAT(event.source().content(), HasSubstr("TXA|1|DS"));
}

TEST(Unreadable, TextThatIsNotUtf8StillMakesAnEventTheHubCanRead) {
  const Unreadable held =
      unreadable("MSH|^~\\&|EPR|XA1|||1||ADT^A01|N\xe9|P", {"truncated_frame", ""},
                 example_mapping(), kListener, kReceived);
  EXPECT_EQ(held.event.header().source_message_id(), "Né");
  EXPECT_EQ(held.event.header().trigger(), "ADT^A01");
}

}  // namespace switchboard::mllp
