// dnstcp: closed-loop DNS load generator over TCP, or TLS when built with -DTLS -lssl: CONNECTIONS connections, each with WINDOW queries
// under way (pipelined, answers in any order).  usage: dnstcp HOST PORT QUERYFILE SECONDS CONNECTIONS WINDOW [tls]
// Prints one JSON line: answers, queries lost with connections that broke, connections that broke, answers per second.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#ifdef TLS
#include <openssl/ssl.h>
static SSL_CTX *context;
#endif
#define OUT 65536
#define IN 131072
#define CONNECTIONS_MAX 256
struct connection {
  int fd, under_way, out_from, out_to, in_to;
  unsigned char out[OUT], in[IN];
#ifdef TLS
  SSL *ssl;
#endif
};
static unsigned char *queries; static int *offset, *length; static int count, next; static unsigned short id;
static struct sockaddr_in server; static int secure;
static unsigned long answered, lost, broken, refused;
static long now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000L + t.tv_nsec; }

static int type_code(const char *t) {
  struct { const char *name; int value; } types[] = {{"A",1},{"NS",2},{"CNAME",5},{"SOA",6},{"PTR",12},{"MX",15},{"TXT",16},{"AAAA",28},{"SRV",33},{"DS",43},{"HTTPS",65},{"CAA",257},{"ANY",255}};
  for (unsigned i = 0; i < sizeof types / sizeof *types; i++) if (!strcasecmp(types[i].name, t)) return types[i].value;
  return 1;
}
static void load(const char *file) {
  FILE *f = fopen(file, "r"); if (!f) { perror(file); exit(1); }
  char name[512], type[32]; size_t room = 1 << 20, used = 0; int places = 1 << 16;
  queries = malloc(room); offset = malloc(places * sizeof(int)); length = malloc(places * sizeof(int));
  while (fscanf(f, "%511s %31s", name, type) == 2) {
    if (used + 600 > room) queries = realloc(queries, room *= 2);
    if (count == places) { places *= 2; offset = realloc(offset, places * sizeof(int)); length = realloc(length, places * sizeof(int)); }
    unsigned char *b = queries + used, *p = b + 14; memset(b, 0, 14); b[7] = 1; b[13] = 1; // one question, one OPT
    for (char *s = name; *s && strcmp(s, ".");) { char *dot = strchr(s, '.'); int l = dot ? dot - s : (int)strlen(s); *p++ = l; memcpy(p, s, l); p += l; s += l; if (*s) s++; }
    int t = type_code(type); *p++ = 0; *p++ = t >> 8; *p++ = t; *p++ = 0; *p++ = 1;
    static const unsigned char opt[11] = {0, 0, 41, 0x04, 0xd0}; memcpy(p, opt, sizeof opt); p += sizeof opt;
    int octets = p - b - 2; b[0] = octets >> 8; b[1] = octets;
    offset[count] = used; length[count++] = octets + 2; used += octets + 2;
  }
  fclose(f); if (!count) { fprintf(stderr, "no queries\n"); exit(1); }
}
static void make(struct connection *c) {
  int one = 1; c->fd = socket(AF_INET, SOCK_STREAM, 0); c->under_way = c->out_from = c->out_to = c->in_to = 0;
  if (connect(c->fd, (void *)&server, sizeof server)) { perror("connect"); exit(1); }
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
#ifdef TLS
  if (secure) {
    c->ssl = SSL_new(context); SSL_set_fd(c->ssl, c->fd);
    if (SSL_connect(c->ssl) != 1) { fprintf(stderr, "no TLS session\n"); exit(1); }
  }
#endif
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
}
static void again(struct connection *c) {
  broken++; lost += c->under_way;
#ifdef TLS
  if (secure) SSL_free(c->ssl);
#endif
  close(c->fd); make(c);
}
// Octets moved, 0 when it has to wait, -1 when the connection is gone.
static int moved(struct connection *c, int n) {
  if (n > 0) return n;
#ifdef TLS
  if (secure) { int e = SSL_get_error(c->ssl, n); return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE ? 0 : -1; }
#endif
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}
static int put(struct connection *c) {
  int n = c->out_to - c->out_from;
#ifdef TLS
  if (secure) return moved(c, SSL_write(c->ssl, c->out + c->out_from, n));
#endif
  return moved(c, write(c->fd, c->out + c->out_from, n));
}
static int take(struct connection *c) {
  int n = IN - c->in_to;
#ifdef TLS
  if (secure) return moved(c, SSL_read(c->ssl, c->in + c->in_to, n));
#endif
  return moved(c, read(c->fd, c->in + c->in_to, n));
}
static void fill(struct connection *c, int window) {
  if (c->out_from == c->out_to) c->out_from = c->out_to = 0;
  while (c->under_way < window && c->out_to + length[next] <= OUT) {
    unsigned char *b = c->out + c->out_to; memcpy(b, queries + offset[next], length[next]);
    id++; b[2] = id >> 8; b[3] = id; c->out_to += length[next]; c->under_way++;
    if (++next == count) next = 0;
  }
}
static void count_answers(struct connection *c) {
  int at = 0;
  while (c->in_to - at >= 2) {
    int octets = c->in[at] << 8 | c->in[at + 1]; if (c->in_to - at - 2 < octets) break;
    answered++; c->under_way--; if (octets < 12 || (c->in[at + 5] & 15) == 5) refused++;
    at += 2 + octets;
  }
  if (at) { memmove(c->in, c->in + at, c->in_to - at); c->in_to -= at; }
}
int main(int n, char **a) {
  if (n < 7) { fprintf(stderr, "dnstcp HOST PORT FILE SECONDS CONNECTIONS WINDOW [tls]\n"); return 2; }
  signal(SIGPIPE, SIG_IGN); load(a[3]); double seconds = atof(a[4]); int connections = atoi(a[5]), window = atoi(a[6]);
  if (connections > CONNECTIONS_MAX) connections = CONNECTIONS_MAX;
  server.sin_family = AF_INET; server.sin_port = htons(atoi(a[2])); inet_pton(AF_INET, a[1], &server.sin_addr); secure = n > 7;
#ifdef TLS
  context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
#else
  if (secure) { fprintf(stderr, "built without TLS\n"); return 2; }
#endif
  static struct connection all[CONNECTIONS_MAX]; static struct pollfd waits[CONNECTIONS_MAX];
  for (int i = 0; i < connections; i++) make(all + i);
  next = getpid() % count;
  long start = now(), end = start + (long)(seconds * 1e9);
  while (now() < end) {
    int progress = 0;
    for (int i = 0; i < connections; i++) {
      struct connection *c = all + i; fill(c, window);
      int sent = c->out_to > c->out_from ? put(c) : 0; if (sent > 0) { c->out_from += sent; progress = 1; }
      int got = sent < 0 ? -1 : take(c); if (got > 0) { c->in_to += got; count_answers(c); progress = 1; }
      if (got < 0) again(c);
      waits[i] = (struct pollfd){.fd = c->fd, .events = POLLIN | (c->out_to > c->out_from ? POLLOUT : 0)};
    }
    if (!progress) poll(waits, connections, 1);
  }
  double took = (now() - start) / 1e9;
  printf("{\"recv\":%lu,\"lost\":%lu,\"broken\":%lu,\"refused\":%lu,\"qps\":%.0f}\n", answered, lost, broken, refused, answered / took);
}
