// A rough look at C++ text: what is code, and where functions begin and end.
//
// Not a parser. It knows comments, strings, raw strings, digit separators and braces; macros that
// open a brace without closing it would mislead it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::tidy {

// Same length and lines; comments, string and character contents, preprocessor lines are blanks.
std::string code_only(std::string_view text);

struct Function {
  std::string name;
  size_t line = 0;   // of the first line of its signature, from 1
  size_t lines = 0;  // signature to closing brace
};
// Functions at namespace or class scope, in order. `code` comes from code_only. What is inside a
// function (lambdas, local types) counts towards it.
std::vector<Function> functions(std::string_view code);

}  // namespace switchboard::tidy
