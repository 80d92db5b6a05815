// Runs a fuzz target over the files of the folders named: the corpus as a test, without libFuzzer.
// Each file is also run cut short at every 1/16 of its length: cheap variety without randomness.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);

namespace {

void run(const std::string& input, size_t size) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), size);
}

size_t replay(const std::filesystem::path& folder) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    for (size_t part = 1; part <= 16; ++part) run(input, input.size() * part / 16);
    ++files;
  }
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  size_t files = 0;
  for (int i = 1; i < argc; ++i) files += replay(argv[i]);
  std::printf("%zu files\n", files);
  return files > 0 ? 0 : 1;  // an empty corpus tests nothing
}
