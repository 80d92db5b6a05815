#include "services/cli/sandbox_hl7.h"

#include <array>
#include <charconv>
#include <string_view>

namespace switchboard::cli {
namespace {

// {m-90}: 90 minutes ago, {d-210}: the day 210 days ago. A segment a line; a \ at its end joins.
struct Template {
  std::string_view file;
  std::string_view story;
  std::string_view text;
};

constexpr std::array kTemplates = {
    Template{"x26_adt_a04_ed.hl7", "X26: a seven-month-old comes to the emergency department",
             R"(MSH|^~\&|PAS|X26|SWITCHBOARD|X26|{m-55}||ADT^A04^ADT_A01|N10001|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A04|{m-55}||||{m-60}
PID|1||9126040018^^^NHS^NH~N700001^^^X26^MR||Harrow^Nia^^^^^L||{d-204}|F||\
|4 Tern Close^^Northmoor^^XA1 4TQ^GBR^H|||||||||||||||||||||01
PD1|||TERN SURGERY^^X81001
NK1|1|Harrow^Elin|MTH^Mother||01632960211
PV1|1|E|ED^MAJORS^3^X2601|21||||||180|||||||||N900001|||||||||||||||||||||||||{m-60}
PV2|||^Bruising to the face, not yet crawling
)"},
    Template{"x26_adt_a01_admission.hl7", "X26: she is admitted",
             R"(MSH|^~\&|PAS|X26|SWITCHBOARD|X26|{m-40}||ADT^A01^ADT_A01|N10002|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A01|{m-40}||||{m-45}
PID|1||9126040018^^^NHS^NH~N700001^^^X26^MR||Harrow^Nia^^^^^L||{d-204}|F||\
|4 Tern Close^^Northmoor^^XA1 4TQ^GBR^H|||||||||||||||||||||01
PD1|||TERN SURGERY^^X81001
NK1|1|Harrow^Elin|MTH^Mother||01632960211
PV1|1|I|PAED^BAY2^4^X2601|21||||||420|||||||||N900002|||||||||||||||||||||||||{m-45}
PV2|||^Observation, skeletal survey
)"},
    Template{"x26_adt_a01_newborn.hl7", "X26: a baby of three days is readmitted",
             R"(MSH|^~\&|PAS|X26|SWITCHBOARD|X26|{m-35}||ADT^A01^ADT_A01|N10003|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A01|{m-35}||||{m-38}
PID|1||9262604009^^^NHS^NH~N700002^^^X26^MR||Quill^Baby^^^^^L||{d-3}|M||\
|19 Weir Lane^^Northmoor^^XA2 7DD^GBR^H|||||||||||||||||||||01
PD1|||WEIR LANE SURGERY^^X81002
NK1|1|Quill^Sara|MTH^Mother||01632960212
PV1|1|I|NEO^COT5^5^X2601|21||||||422|||||||||N900003|||||||||||||||||||||||||{m-38}
PV2|||^Weight loss, feeding
)"},
    Template{"x26_adt_a08_update.hl7",
             "X26: the admission's place changes; the routed fields do not",
             R"(MSH|^~\&|PAS|X26|SWITCHBOARD|X26|{m-30}||ADT^A08^ADT_A01|N10004|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A08|{m-30}||||{m-30}
PID|1||9126040018^^^NHS^NH~N700001^^^X26^MR||Harrow^Nia^^^^^L||{d-204}|F||\
|4 Tern Close^^Northmoor^^XA1 4TQ^GBR^H|||||||||||||||||||||01
PD1|||TERN SURGERY^^X81001
NK1|1|Harrow^Elin|MTH^Mother||01632960211
PV1|1|I|PAED^BAY3^1^X2601|21||||||420|||||||||N900002|||||||||||||||||||||||||{m-45}
)"},
    Template{"x26_adt_a03_discharge.hl7", "X26: the newborn goes home",
             R"(MSH|^~\&|PAS|X26|SWITCHBOARD|X26|{m-12}||ADT^A03^ADT_A03|N10005|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A03|{m-12}||||{m-15}
PID|1||9262604009^^^NHS^NH~N700002^^^X26^MR||Quill^Baby^^^^^L||{d-3}|M||\
|19 Weir Lane^^Northmoor^^XA2 7DD^GBR^H|||||||||||||||||||||01
PD1|||WEIR LANE SURGERY^^X81002
PV1|1|I|NEO^COT5^5^X2601|21||||||422|||||||||N900003|||||||||||||||||1|19|||||||{m-38}|{m-15}
)"},
    Template{"x26_adt_a13_cancel_discharge.hl7", "X26: that discharge was entered by mistake",
             R"(MSH|^~\&|PAS|X26|SWITCHBOARD|X26|{m-8}||ADT^A13^ADT_A01|N10006|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A13|{m-8}||||{m-8}
PID|1||9262604009^^^NHS^NH~N700002^^^X26^MR||Quill^Baby^^^^^L||{d-3}|M||\
|19 Weir Lane^^Northmoor^^XA2 7DD^GBR^H|||||||||||||||||||||01
PV1|1|I|NEO^COT5^5^X2601|21||||||422|||||||||N900003
)"},
    Template{"x99_adt_a04_ed_elsewhere.hl7", "X99: a child of Northmoor is seen elsewhere",
             R"(MSH|^~\&|PAS|X99|SWITCHBOARD|X99|{m-25}||ADT^A04^ADT_A01|S20001|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A04|{m-25}||||{m-28}
PID|1||9431007266^^^NHS^NH~S800001^^^X99^MR||O'Dell^Rafi^^^^^L||{d-1130}|M||\
|31 Mill Bank^^Northmoor^^XA1 2PL^GBR^H|||||||||||||||||||||01
PD1|||TERN SURGERY^^X81001
PV1|1|E|ED^MINORS^2^X9901|21||||||180|||||||||S950001|||||||||||||||||||||||||{m-28}
PV2|||^Swallowed tablets, unwitnessed
)"},
    Template{"x99_adt_a01_wrong_child.hl7", "X99: an admission that did not happen",
             R"(MSH|^~\&|PAS|X99|SWITCHBOARD|X99|{m-20}||ADT^A01^ADT_A01|S20002|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A01|{m-20}||||{m-22}
PID|1||9582026111^^^NHS^NH~S800002^^^X99^MR||Voss^Ivo^^^^^L||{d-640}|M||\
|2 Lock Cottages^^Northmoor^^XA2 1AB^GBR^H|||||||||||||||||||||01
PD1|||WEIR LANE SURGERY^^X81002
PV1|1|I|PAED^BAY1^2^X9901|21||||||420|||||||||S950002|||||||||||||||||||||||||{m-22}
)"},
    Template{"x99_adt_a11_cancel_admission.hl7", "X99: and its cancellation",
             R"(MSH|^~\&|PAS|X99|SWITCHBOARD|X99|{m-10}||ADT^A11^ADT_A09|S20003|P|2.4||||\
|GBR|UNICODE UTF-8
EVN|A11|{m-10}||||{m-10}
PID|1||9582026111^^^NHS^NH~S800002^^^X99^MR||Voss^Ivo^^^^^L||{d-640}|M||\
|2 Lock Cottages^^Northmoor^^XA2 1AB^GBR^H|||||||||||||||||||||01
PV1|1|I|PAED^BAY1^2^X9901|21||||||420|||||||||S950002
)"},
    Template{"x99_ref_i12_referral.hl7", "X99: a referral for early help",
             R"(MSH|^~\&|PAS|X99|SWITCHBOARD|X99|{m-5}||REF^I12^REF_I12|S20004|P|2.4||||\
|GBR|UNICODE UTF-8
RF1|P^Pending|A^ASAP|EHA^Early help assessment|||R-500^X99|{m-5}||\
|^Missed two weight checks; moved twice this year
PRD|RP^Referring provider|Pell^Ada^^^Ms||||01632960213
PRD|RT^Referred to provider|Northmoor early help
PID|1||9655012409^^^NHS^NH~S800003^^^X99^MR||Thorne^Lowri^^^^^L||{d-301}|F||\
|3 Weir Lane^^Northmoor^^XA2 7DD^GBR^H|||||||||||||||||||||01
PD1|||WEIR LANE SURGERY^^X81002
)"},
};

// "20261122141000+0000" or "20261122".
std::string stamp(Time at, bool day_only) {
  const std::string iso = to_rfc3339(at);  // 2026-11-22T06:05:04.123Z
  std::string out = iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2);
  if (day_only) return out;
  return out + iso.substr(11, 2) + iso.substr(14, 2) + iso.substr(17, 2) + "+0000";
}

std::string joined(std::string_view text) {
  std::string out(text);
  for (size_t at = out.find("\\\n"); at != std::string::npos; at = out.find("\\\n", at)) {
    out.erase(at, 2);
  }
  return out;
}

std::string dated(std::string_view text, Time now) {
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const size_t close = text.find('}', open);
    const bool days = text[open + 1] == 'd';
    int64_t back = 0;
    std::from_chars(text.data() + open + 3, text.data() + close, back);
    out += stamp(now - seconds(back * (days ? 86'400 : 60)), days);
    text.remove_prefix(close + 1);
  }
  for (char& c : out) c = c == '\n' ? '\r' : c;
  return out;
}

}  // namespace

std::vector<SampleMessage> sandbox_messages(Time now) {
  std::vector<SampleMessage> out;
  for (const Template& t : kTemplates) {
    out.push_back({std::string(t.file), std::string(t.story), dated(joined(t.text), now)});
  }
  return out;
}

}  // namespace switchboard::cli
