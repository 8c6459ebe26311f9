package io.anycastle.core.resolve;

import io.anycastle.core.model.DomainName;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;

/**
 * Asks recursive servers, one after the other until one answers. Who asks what is being asked already shares that answer. Selectors and
 * virtual threads carry it: no thread waits.
 *
 * <p>Each caller is answered within the deadline from its own call on. A question ends by itself too: once the first caller's deadline is
 * over, nothing more is sent for it, and the last message is given up after its timeout, by UDP and, where the answer was cut short, by
 * TCP. Until then it counts among those open.
 */
public final class RecursiveServers implements DnsClient {
    /** Fits every path, so that no answer is a chain of fragments (RFC 9715). */
    private static final int UDP_OCTETS_MAX = 1232;

    private static final Executor THREADS = Thread::startVirtualThread;

    private final ResolveConfig config;
    private final List<Server> servers;
    private final ResolveCounters counters;
    private final ResponseReader reader;
    private final Map<Question, CompletableFuture<LookupResult>> open = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();

    private record Question(DomainName name, int type) {}

    private record Server(InetSocketAddress address, SimpleResolver resolver) {
        @Override
        public String toString() {
            String host = address.getAddress().getHostAddress();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
        }
    }

    public RecursiveServers(ResolveConfig config, ResolveCounters counters) {
        this.config = config;
        this.counters = counters;
        this.reader = new ResponseReader(config, counters);
        List<InetSocketAddress> addresses =
                config.servers().isEmpty() ? ResolverConfig.getCurrentConfig().servers() : config.servers();
        this.servers = addresses.stream().map(this::server).toList();
    }

    private Server server(InetSocketAddress address) {
        SimpleResolver resolver = new SimpleResolver(address);
        resolver.setTimeout(config.timeout());
        resolver.setEDNS(0, UDP_OCTETS_MAX, 0, List.of());
        return new Server(address, resolver);
    }

    /** Those that are asked, in that order. */
    public List<InetSocketAddress> servers() {
        return servers.stream().map(Server::address).toList();
    }

    @Override
    public CompletionStage<LookupResult> ask(DomainName name, int type) {
        counters.questions.increment();
        Question question = new Question(name, type);
        CompletableFuture<LookupResult> mine = new CompletableFuture<>();
        CompletableFuture<LookupResult> asked = open.putIfAbsent(question, mine);
        if (asked != null) {
            return inTime(asked);
        }
        if (taken.incrementAndGet() > config.questionsMax()) {
            counters.overLimit.increment();
            end(question, mine, new LookupResult.Failed("more than " + config.questionsMax() + " questions are open"));
            return mine.copy();
        }
        CompletableFuture<LookupResult> work = new Asking(question.name, question.type).start();
        work.handle(RecursiveServers::orFailure).thenAccept(reply -> end(question, mine, reply));
        return inTime(mine);
    }

    /** One caller's own: it completes by the deadline, whenever the question itself ends. */
    private CompletableFuture<LookupResult> inTime(CompletableFuture<LookupResult> asked) {
        return asked.copy()
                .orTimeout(config.deadline().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(_ -> new LookupResult.Failed(late()));
    }

    private String late() {
        return "no answer within " + config.deadline().toMillis() + " ms";
    }

    /** Only when the last message is answered or given up is the place free again. */
    private void end(Question question, CompletableFuture<LookupResult> asked, LookupResult reply) {
        taken.decrementAndGet();
        open.remove(question, asked);
        if (reply instanceof LookupResult.Failed) {
            counters.failures.increment();
        }
        asked.complete(reply);
    }

    private static LookupResult orFailure(@Nullable LookupResult reply, @Nullable Throwable failure) {
        return reply != null ? reply : new LookupResult.Failed(String.valueOf(failure));
    }

    /** One question under way: until when messages are sent, which server is next, and the names gone by. */
    private final class Asking {
        private final long untilNanos = System.nanoTime() + config.deadline().toNanos();
        private final int type;
        private final List<DomainName> names = new ArrayList<>(1);
        private int ttlSeconds = ResponseReader.TTL_SECONDS_MAX;
        private int attempt;
        private String why = "there is no server to ask";

        Asking(DomainName name, int type) {
            this.type = type;
            names.add(name);
        }

        CompletableFuture<LookupResult> start() {
            Name name = ResponseReader.wireName(names.getLast());
            return next(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
        }

        private CompletableFuture<LookupResult> next(Message query) {
            if (attempt >= servers.size() * config.attempts()) {
                return failed(why);
            }
            if (System.nanoTime() - untilNanos >= 0) {
                return failed(late());
            }
            Server server = servers.get(attempt++ % servers.size());
            counters.sent.increment();
            return send(query, server)
                    .handleAsync((answer, failure) -> read(query, server, answer, failure), THREADS)
                    .thenCompose(read -> read);
        }

        /** What cannot be sent at all, as to an IPv6 address from a host without IPv6, fails like what is sent in vain. */
        private static CompletableFuture<Message> send(Message query, Server server) {
            try {
                return server.resolver().sendAsync(query, THREADS).toCompletableFuture();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private CompletableFuture<LookupResult> read(
                Message query, Server server, @Nullable Message answer, @Nullable Throwable failure) {
            if (answer == null) {
                why = server + " " + reason(failure);
                return next(query);
            }
            return switch (reader.read(answer, type, names)) {
                case ResponseReader.Read.Useless useless -> {
                    why = server + " " + useless.why();
                    yield next(query);
                }
                case ResponseReader.Read.Broken broken -> failed(broken.why());
                case ResponseReader.Read.Alias alias -> {
                    ttlSeconds = Math.min(ttlSeconds, alias.ttlSeconds());
                    names.clear();
                    names.addAll(alias.names());
                    attempt = 0;
                    yield start();
                }
                case ResponseReader.Read.Told told -> CompletableFuture.completedFuture(atMost(told.reply()));
            };
        }

        private LookupResult atMost(LookupResult reply) {
            return switch (reply) {
                case LookupResult.Records(var rdatas, int ttl, var gone) ->
                    new LookupResult.Records(rdatas, Math.min(ttl, ttlSeconds), gone);
                case LookupResult.NoData(int ttl) -> new LookupResult.NoData(Math.min(ttl, ttlSeconds));
                case LookupResult.NoName(int ttl) -> new LookupResult.NoName(Math.min(ttl, ttlSeconds));
                case LookupResult.Failed failed -> failed;
            };
        }

        private CompletableFuture<LookupResult> failed(String reason) {
            return CompletableFuture.completedFuture(new LookupResult.Failed(reason));
        }
    }

    private static String reason(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
        if (cause instanceof PortUnreachableException) {
            return "cannot be asked: nothing listens there"; // its own message is empty
        }
        boolean isSilence = cause instanceof TimeoutException
                || message.toLowerCase(Locale.ROOT).contains("timed out");
        return isSilence ? "does not answer" : "cannot be asked: " + (message.isEmpty() ? cause : message);
    }
}
