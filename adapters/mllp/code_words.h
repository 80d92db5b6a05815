// NHS Data Dictionary codes in plain words, for summaries that a machine feed cannot write itself.
//
// An unknown code gives "": the summary then says nothing rather than something wrong.
// Thread: any. Fails: never.
#pragma once

#include <string_view>

namespace switchboard::mllp {

std::string_view admission_method_words(std::string_view code);
std::string_view discharge_method_words(std::string_view code);
std::string_view discharge_destination_words(std::string_view code);
std::string_view specialty_words(std::string_view code);

// 2, 6, 7: by the patient, or by a relative or advocate, against or without clinical advice.
bool is_self_discharge(std::string_view method);
bool is_stillborn(std::string_view method);
bool is_local_authority_care(std::string_view destination);  // 65, 66
bool is_died(std::string_view method, std::string_view destination);

}  // namespace switchboard::mllp
