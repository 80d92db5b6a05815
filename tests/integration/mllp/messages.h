// HL7 messages about invented children, as the test trust's PAS writes them: original mode, MSH-11
// T.
#pragma once

#include <string>

namespace switchboard::test {

struct Hl7Spec {
  std::string control_id = "1";
  std::string trigger = "ADT^A01";
  std::string application = "PAS";
  std::string facility = "XB2";
  std::string processing = "T";
  std::string version = "2.3";
  std::string after_version;  // MSH-13 on, with their separators: "|||AL|NE"
  std::string identifiers = "0012345^^^MRENTR^MEDREC~9345678123^^^^NHS";
  std::string family = "EXAMPLE";
  std::string birth = "20240229";
  std::string more;  // whole segments
};

inline std::string hl7(const Hl7Spec& s) {
  return "MSH|^~\\&|" + s.application + "|" + s.facility + "|HUB|XH1|202611221200||" + s.trigger +
         "|" + s.control_id + "|" + s.processing + "|" + s.version + s.after_version + "\rEVN|" +
         s.trigger.substr(s.trigger.find('^') + 1) + "|202611221159\rPID|||" + s.identifiers +
         "||" + s.family + "^Robin||" + s.birth +
         "|F|||4 Quay Lane^^Southmoor^^XB2 3CD\rPV1||I|W4^^^XB201|21||||||420|||||||||7" +
         s.control_id + "\r" + s.more;
}

}  // namespace switchboard::test
