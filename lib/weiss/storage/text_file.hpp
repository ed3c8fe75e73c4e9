// Small text files, replaced as a whole.
#pragma once

#include <string>

namespace weiss {

// Readers meet the old text or the new one, never a part. Returns false when it cannot be written.
bool write_text_file(const std::string& path, const std::string& text);

}  // namespace weiss
