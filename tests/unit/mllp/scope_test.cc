// What leaves the trust, and what stays: scope and sensitive services.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/mllp/samples.h"

namespace switchboard::mllp {
namespace {

std::string why_out(const std::string& raw, const Mapping& mapping) {
  const Outcome outcome = map_text(raw, mapping);
  const auto* out = std::get_if<OutOfScope>(&outcome);
  return out ? out->why : "in scope";
}

Mapping with_kinds(std::vector<std::string> kinds) {
  Mapping mapping = example_mapping();
  mapping.scope.kinds = std::move(kinds);
  return mapping;
}

Mapping with_adults(Adults adults) {
  Mapping mapping = example_mapping();
  mapping.scope.adults = adults;
  return mapping;
}

bool stays_at_home(const std::string& raw) {
  const v1::Event event = mapped(raw).event;
  const auto& limits = event.header().audience().only_agencies();
  return limits.size() == 1 && limits[0] == "XA1";
}

}  // namespace

TEST(Scope, AdultsLeaveOnlyAsTheMappingSays) {
  const std::string surgical = sample("scope_adult_a01");
  const std::string maternity = replaced(surgical, "||||||100|", "||||||501|");
  EXPECT_EQ(why_out(surgical, with_adults(Adults::kNone)), "adult");
  EXPECT_EQ(why_out(maternity, with_adults(Adults::kNone)), "adult");
  EXPECT_EQ(why_out(surgical, with_adults(Adults::kMaternity)), "adult");
  EXPECT_EQ(why_out(maternity, with_adults(Adults::kMaternity)), "in scope");
  EXPECT_EQ(why_out(surgical, with_adults(Adults::kAll)), "in scope");
}

TEST(Scope, ACorrectionIsWantedWithTheKindItCorrects) {
  const Mapping mapping = with_kinds({"admission"});
  EXPECT_EQ(why_out(sample("adt_a01_welsh_name"), mapping), "in scope");
  EXPECT_EQ(why_out(sample("adt_a08_update"), mapping), "in scope");
  EXPECT_EQ(why_out(sample("adt_a11_cancel_admission"), mapping), "in scope");
  EXPECT_EQ(why_out(sample("adt_a13_cancel_discharge"), mapping), "kind");
  EXPECT_EQ(why_out(sample("adt_a04_ed_o_brien"), mapping), "kind");
}

TEST(Scope, ADeathIsWantedWhereDischargesAre) {
  const std::string died = replaced(sample("adt_a03_discharge"), "|1|19|", "|4|79|");
  EXPECT_EQ(why_out(died, with_kinds({"discharge"})), "in scope");
  EXPECT_EQ(why_out(sample("adt_a13_cancel_discharge"), with_kinds({"death"})), "in scope");
  EXPECT_EQ(why_out(died, with_kinds({"admission"})), "kind");
}

TEST(Scope, ASiteThatIsNotWantedIsOutAndOneThatIsNotSaidIsIn) {
  Mapping mapping = example_mapping();
  mapping.scope.sites = {"XB201"};
  const std::string a01 = sample("adt_a01_welsh_name");
  EXPECT_EQ(why_out(a01, mapping), "site");
  EXPECT_EQ(why_out(replaced(a01, "XA101", "XB201"), mapping), "in scope");
  EXPECT_EQ(why_out(replaced(a01, "XA101", ""), mapping), "in scope");
}

TEST(Scope, WhatIsOutLeavesNoContentEvenIfItCouldNotBeRead) {
  const std::string adult = replaced(sample("scope_adult_a01"), "E100093", "");
  EXPECT_EQ(why_out(adult, example_mapping()), "adult");
}

TEST(Scope, OneInScopeAndOneOutIsOneEvent) {
  const std::string swap =
      "MSH|^~\\&|EPR|XA1|||20261123101500||ADT^A17|W1|P|2.4\rEVN|A17\r"
      "PID|1||9123456787^^^NHS^HN||Rowe^Ada||20190701\rPV1|1|I|W1^^^XA101\r"
      "PID|2||9234567803^^^NHS^HN||Dale^Bo||19700101\rPV1|1|I|W2^^^XA101\r";
  const auto events = all_mapped(swap);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_THAT(events[0].event.SerializeAsString(), testing::Not(testing::HasSubstr("Dale")));
  EXPECT_EQ(why_out(replaced(swap, "20190701", "19750101"), example_mapping()), "adult");
}

TEST(Sensitive, ServiceClinicAndWardKeepAnEventAtHome) {
  const std::string a01 = sample("adt_a01_welsh_name");
  EXPECT_FALSE(stays_at_home(a01));
  EXPECT_TRUE(stays_at_home(replaced(a01, "||||||420|", "||||||360|")));
  EXPECT_TRUE(stays_at_home(replaced(a01, "PAED^", "HAVEN^")));
  EXPECT_TRUE(stays_at_home(sample("adt_a01_welsh_name") + "AIL|1||GUMCLIN^^^XA101\r"));
}

TEST(Sensitive, WhereSomebodyWasIsAsTellingAsWhereTheyAre) {
  const std::string a02 = replaced(sample("adt_a01_welsh_name"), "ADT^A01^ADT_A01", "ADT^A02");
  EXPECT_FALSE(stays_at_home(a02));
  EXPECT_TRUE(stays_at_home(replaced(a02, "|21||||||420|", "|21||HAVEN^^^XA101||||420|")));
}

}  // namespace switchboard::mllp
