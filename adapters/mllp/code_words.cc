#include "adapters/mllp/code_words.h"

#include <algorithm>
#include <array>
#include <span>

namespace switchboard::mllp {
namespace {

struct Words {
  std::string_view code, words;
};

std::string_view look_up(std::span<const Words> table, std::string_view code) {
  const auto it =
      std::find_if(table.begin(), table.end(), [&](const Words& row) { return row.code == code; });
  return it == table.end() ? std::string_view{} : it->words;
}

constexpr std::array kAdmissionMethods = {
    Words{"11", "planned, from a waiting list"},
    Words{"12", "planned, booked"},
    Words{"13", "planned"},
    Words{"21", "as an emergency, through the emergency department"},
    Words{"22", "as an emergency, sent by the GP"},
    Words{"23", "as an emergency, through the bed bureau"},
    Words{"24", "as an emergency, from a clinic"},
    Words{"25", "as an emergency, through the mental health crisis team"},
    Words{"28", "as an emergency"},
    Words{"2A", "as an emergency, from another hospital's emergency department"},
    Words{"2B", "as an emergency, transferred from another hospital"},
    Words{"2C", "after a planned birth at home"},
    Words{"2D", "as an emergency"},
    Words{"31", "for maternity care, before the birth"},
    Words{"32", "for maternity care, after the birth"},
    Words{"81", "transferred from another hospital, not as an emergency"},
    Words{"82", "at birth, born in this hospital"},
    Words{"83", "at birth, born outside this hospital"},
};

constexpr std::array kDischargeMethods = {
    Words{"1", "discharged on clinical advice"},
    Words{"2", "discharged by self, a relative or an advocate"},
    Words{"3", "discharged by a mental health tribunal or a court"},
    Words{"4", "died"},
    Words{"5", "stillborn"},
    Words{"6", "left by own decision"},
    Words{"7", "taken home by a relative or an advocate"},
};

constexpr std::array kDestinations = {
    Words{"19", "to the usual home"},
    Words{"29", "to a temporary home"},
    Words{"30", "sent back from a high security psychiatric hospital"},
    Words{"37", "to court"},
    Words{"38", "to prison or a young offender institution"},
    Words{"42", "to a police station"},
    Words{"48", "to a high security psychiatric hospital"},
    Words{"49", "to a high security psychiatric hospital"},
    Words{"50", "to a medium secure unit"},
    Words{"51", "to a ward of another hospital"},
    Words{"52", "to a maternity or neonatal ward of another hospital"},
    Words{"53", "to a mental health or learning disability ward of another hospital"},
    Words{"54", "to a care home run by the NHS"},
    Words{"65", "to residential care of the local authority"},
    Words{"66", "to foster care of the local authority"},
    Words{"84", "to an independent medium secure unit"},
    Words{"85", "to a care home"},
    Words{"87", "to an independent hospital"},
    Words{"88", "to a hospice"},
};

constexpr std::array kSpecialties = {
    Words{"100", "general surgery"},
    Words{"110", "trauma and orthopaedics"},
    Words{"120", "ear, nose and throat"},
    Words{"130", "ophthalmology"},
    Words{"160", "plastic surgery"},
    Words{"171", "paediatric surgery"},
    Words{"180", "emergency medicine"},
    Words{"290", "community paediatrics"},
    Words{"300", "general medicine"},
    Words{"330", "dermatology"},
    Words{"340", "respiratory medicine"},
    Words{"420", "paediatrics"},
    Words{"421", "paediatric neurology"},
    Words{"422", "neonatal care"},
    Words{"501", "obstetrics"},
    Words{"502", "gynaecology"},
    Words{"560", "midwifery"},
    Words{"711", "child and adolescent psychiatry"},
};

}  // namespace

std::string_view admission_method_words(std::string_view code) {
  return look_up(kAdmissionMethods, code);
}
std::string_view discharge_method_words(std::string_view code) {
  return look_up(kDischargeMethods, code);
}
std::string_view discharge_destination_words(std::string_view code) {
  return look_up(kDestinations, code);
}
std::string_view specialty_words(std::string_view code) { return look_up(kSpecialties, code); }

bool is_self_discharge(std::string_view method) {
  return method == "2" || method == "6" || method == "7";
}

bool is_stillborn(std::string_view method) { return method == "5"; }

bool is_local_authority_care(std::string_view destination) {
  return destination == "65" || destination == "66";
}

bool is_died(std::string_view method, std::string_view destination) {
  return method == "4" || method == "5" || destination == "79";
}

}  // namespace switchboard::mllp
