#include "tensors/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "node/error.h"

namespace palabra {

namespace {

[[noreturn]] void refuse(const std::string& path) {
  throw_error("PAL_DATA", {"mapFile", "a readable file", path + " (" + std::strerror(errno) + ")"});
}

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0) refuse(path);
  }
  ~Descriptor() { close(fd_); }
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  const Descriptor file(path);
  struct stat status;
  if (fstat(file.get(), &status) != 0) refuse(path);
  if (!S_ISREG(status.st_mode)) throw_error("PAL_DATA", {"mapFile", "a regular file", path});
  size_ = static_cast<size_t>(status.st_size);
  if (size_ == 0) return;
  void* mapped = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE, file.get(), 0);
  if (mapped == MAP_FAILED) refuse(path);
  data_ = static_cast<char*>(mapped);
}

MappedFile::~MappedFile() {
  if (data_) munmap(data_, size_);
}

}  // namespace palabra
