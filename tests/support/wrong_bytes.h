// A file with each of its bytes wrong in turn, in each of the ways a byte can be wrong.
//
// Owns: nothing; at the end the file is as it was. Thread: the test's.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "broker/base/check.h"

namespace switchboard::test {

// The mode stays, and so does the size.
inline void put_byte(const std::string& file, size_t at, char byte) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  CHECK(fd >= 0 && ::pwrite(fd, &byte, 1, static_cast<off_t>(at)) == 1);
  ::close(fd);
}

// `bytes` is what the file holds; `look` is given what it holds then.
template <typename Look>
void each_wrong_byte(const std::string& file, const std::string& bytes, Look look) {
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string wrong = bytes;
    for (int by = 1; by < 256; ++by) {
      wrong[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ by);
      put_byte(file, at, wrong[at]);
      look(wrong);
    }
    put_byte(file, at, bytes[at]);
  }
}

}  // namespace switchboard::test
