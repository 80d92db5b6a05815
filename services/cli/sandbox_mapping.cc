#include "services/cli/sandbox_mapping.h"

#include <array>
#include <utility>

namespace switchboard::cli {
namespace {

constexpr std::array kSources = {
    SandboxSource{"x26-pas", "X26", "mllp-x26.toml", "Northmoor Hospitals (fictional)",
                  "X26-SAFEGUARDING", "01632 960131", "01632 960132", "X2601",
                  "Northmoor General Hospital"},
    SandboxSource{"x99-pas", "X99", "mllp-x99.toml", "Southfen Community and Hospital Services",
                  "X99-SAFEGUARDING", "01632 960151", "01632 960152", "X9901",
                  "Southfen Infirmary"},
};

constexpr const char* kConfig = R"(# One listener speaks for one (agency, system, environment).
# The hub's address is given by `switchboard sandbox run`, with --set.

[hub]
connect = "tcp://127.0.0.1:0"
hub_public_key = '@HUB_KEY@'
secret_key_file = "keys/@PRINCIPAL@.key"

[outbox]
dir = "@PRINCIPAL@-outbox"
bytes_max = 268435456

[[listener]]
name = "@PRINCIPAL@"
bind = "127.0.0.1:0"
agency = "@AGENCY@"
system = "PAS"
environment = "live"          # MSH-11 P; what is marked T or D is refused here
mapping_file = "mapping-@PRINCIPAL@.toml"
ack_after = "accepted"
other_triggers = "ignore"
)";

constexpr const char* kMapping = R"(# How this trust's HL7 v2 messages become events.
#   switchboard-mllp --check-mapping mapping-@PRINCIPAL@.toml hl7/adt_a01_admission.hl7

name = "@TRUST@"
time_zone = "Europe/London"
charset_fallback = "windows-1252"
line_ends = "any"
practice_fields = ["PD1-3.3", "PD1-3.1", "PD1-4.1"]
protected_address_codes = ["Y"]

[sender]
applications = ["PAS"]        # MSH-3
facilities = ["@AGENCY@"]     # MSH-4

[from]
team = "@SAFETY_NET@"
call_back = { name = "Named nurse", phone = "@PHONE@", hours = "Mon-Fri 09:00-17:00" }
out_of_hours = { name = "Site manager on call", phone = "@OUT_OF_HOURS@" }
represents = ["hospital care"]
not_covered = ["community care"]
lawful_basis = "UK GDPR 6(1)(e), 9(2)(g); DPA 2018 Sch 1 para 18"
purpose = "safeguarding"

[urgency]
admission = "routine"
discharge = "routine"
ed_attendance = "urgent"
referral = "urgent"
correction = "urgent"

[[identifier]]
authority = "NHS"
type_code = "NH"
is = "nhs_number"

[[identifier]]
authority = "@AGENCY@"
type_code = "MR"
is = "local"
name = "@AGENCY@-MRN"

[verification]
field = "PID-32"
verified = ["01"]

[visit]
number = "PV1-19.1"

[referral]
number = "RF1-6.1"
urgency_by_priority = { S = "immediate", A = "urgent", R = "routine" }

[discharge]
method = "PV1-36.1"
destination = "PV1-37.1"
swap_by_shape = true

[place_of_care]
field = "PV1-3.4"
default_ods = "@SITE@"

[[site]]
code = "@SITE@"
ods = "@SITE@"
name = "@SITE_NAME@"

[[area]]
area_code = "E06009901"       # stands for Northmoor Council
districts = ["XA1", "XA2"]

[patient_class]
emergency = ["E"]
outside = ["O", "P"]

[scope]
adults = "maternity"
maternity_specialties = ["501", "560"]
)";

std::string filled(std::string text, const SandboxSource& source, const std::string& hub_key) {
  const std::array<std::pair<std::string_view, std::string_view>, 9> values = {{
      {"@HUB_KEY@", hub_key},
      {"@PRINCIPAL@", source.principal},
      {"@AGENCY@", source.agency},
      {"@TRUST@", source.trust},
      {"@SAFETY_NET@", source.safety_net},
      {"@PHONE@", source.phone},
      {"@OUT_OF_HOURS@", source.out_of_hours},
      {"@SITE@", source.site_code},
      {"@SITE_NAME@", source.site_name},
  }};
  for (const auto& [name, value] : values) {
    for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      text.replace(at, name.size(), value);
      at += value.size();
    }
  }
  return text;
}

}  // namespace

std::span<const SandboxSource> sandbox_sources() { return kSources; }

std::string sandbox_mllp_config(const SandboxSource& source, const std::string& hub_public_key) {
  return filled(kConfig, source, hub_public_key);
}

std::string sandbox_mapping(const SandboxSource& source) { return filled(kMapping, source, ""); }

}  // namespace switchboard::cli
