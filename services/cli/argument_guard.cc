#include "services/cli/argument_guard.h"

#include <regex>

#include "broker/base/nhs_number.h"

namespace switchboard::cli {

bool names_nhs_number(std::string_view text) {
  static const std::regex form(R"((^|\D)(\d{10}|\d{3}[ -]\d{3}[ -]\d{4})(?!\d))");
  const std::string subject(text);
  for (std::sregex_iterator match(subject.begin(), subject.end(), form), end; match != end;
       ++match) {
    // Ten equal digits are nobody's number, but whoever types them means one.
    const auto check = check_nhs_number((*match)[2].str());
    if (check == NhsNumberCheck::kValid || check == NhsNumberCheck::kRepeatedDigit) return true;
  }
  return false;
}

std::optional<std::string> refuse_identity(const std::vector<std::string>& arguments) {
  std::string line;
  for (const auto& argument : arguments) line += (line.empty() ? "" : " ") + argument;
  bool found = names_nhs_number(line);
  for (const auto& argument : arguments) found = found || names_nhs_number(argument);
  if (!found) return std::nullopt;
  return "an NHS number must not stand on the command line: others can see it there, and the "
         "shell keeps it.\nGive it on stdin (--nhs-number -) or from a file (--nhs-number @FILE), "
         "and refer to events by their id.";
}

}  // namespace switchboard::cli
