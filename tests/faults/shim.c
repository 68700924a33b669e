/* A machine that is unwell, for every process that is started with this in LD_PRELOAD. FAULTS_CONTROL names the file
 * (struct control) that a test turns while they run; FAULTS_DISK the directory whose disk is meant. Real time is asked
 * of the kernel: looking up the next clock_gettime could need one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* tests/faults/machine.py writes it: seconds the clock is ahead, ms an fsync takes longer, errno of a write (0: none) */
struct control { volatile int64_t ahead, fsync_ms, refusal; };
static struct control well, *control = &well;
static const char *disk;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("FAULTS_CONTROL");
  int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
  void *page = file < 0 ? MAP_FAILED : mmap(NULL, sizeof well, PROT_READ, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) control = page;
  if (file >= 0) syscall(SYS_close, file);
  disk = getenv("FAULTS_DISK");
}

static int inside(const char *path) { return disk && !strncmp(path, disk, strlen(disk)); }

static int on_disk(int file) {
  char link[64], path[PATH_MAX];
  struct stat about;
  if (!disk || fstat(file, &about) || !S_ISREG(about.st_mode)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return inside(path);
}

static int refused(int file) {
  if (!control->refusal || !on_disk(file)) return 0;
  errno = (int)control->refusal;
  return 1;
}

ssize_t write(int file, const void *data, size_t size) { return refused(file) ? -1 : syscall(SYS_write, file, data, size); }
ssize_t writev(int file, const struct iovec *data, int count) {
  return refused(file) ? -1 : syscall(SYS_writev, file, data, count);
}
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
  return refused(file) ? -1 : syscall(SYS_pwrite64, file, data, size, at);
}
ssize_t pwrite(int file, const void *data, size_t size, off_t at) { return pwrite64(file, data, size, at); }

static int opened(int where, const char *path, int flags, mode_t mode) {
  /* A read-only disk refuses whoever wants to write; a full one whoever makes a file. */
  int writes = (flags & O_ACCMODE) != O_RDONLY, makes = (flags & O_CREAT) && access(path, F_OK);
  if (inside(path) && ((control->refusal == EROFS && writes) || (control->refusal == ENOSPC && makes))) {
    errno = (int)control->refusal;
    return -1;
  }
  return (int)syscall(SYS_openat, where, path, flags, mode);
}
#define MODE(flags) mode_t mode = 0; \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }
int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int where, const char *path, int flags, ...) { MODE(flags) return opened(where, path, flags, mode); }
int openat64(int where, const char *path, int flags, ...) { MODE(flags) return opened(where, path, flags | O_LARGEFILE, mode); }

static void linger(int file) {
  if (!control->fsync_ms || !on_disk(file)) return;
  struct timespec span = {control->fsync_ms / 1000, control->fsync_ms % 1000 * 1000000};
  while (nanosleep(&span, &span)) continue;
}
int fsync(int file) { linger(file); return refused(file) ? -1 : (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { linger(file); return refused(file) ? -1 : (int)syscall(SYS_fdatasync, file); }

int statvfs64(const char *path, struct statvfs64 *about) {
  static int (*real)(const char *, struct statvfs64 *);
  if (!real) real = (int (*)(const char *, struct statvfs64 *))dlsym(RTLD_NEXT, "statvfs64");
  int result = real(path, about);
  if (!result && control->refusal == ENOSPC && inside(path)) about->f_bavail = about->f_bfree = 0;
  return result;
}
/* On 64-bit machines the two structures are one. */
int statvfs(const char *path, struct statvfs *about) { return statvfs64(path, (struct statvfs64 *)about); }

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += control->ahead;
  return result;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}
time_t time(time_t *result) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (result) *result = exact.tv_sec;
  return exact.tv_sec;
}
