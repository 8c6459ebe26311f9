package io.anycastle.app.config;

import io.anycastle.core.model.Soa;
import io.anycastle.dns.tls.CertificateFiles;
import io.anycastle.proxy.log.LogTarget;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A node's configuration: what was said, and the defaults of {@link Keys} for the rest. Immutable. */
public final class EdgeConfig {
    /** Nothing said. */
    public static final EdgeConfig DEFAULTS = new EdgeConfig(Map.of());

    private final Map<Key<?>, Object> given;

    EdgeConfig(Map<Key<?>, Object> given) {
        this.given = Map.copyOf(given);
    }

    @SuppressWarnings("unchecked") // a key's value was put in by that key's own shape or by with()
    public <T> T value(Key<T> key) {
        Object value = given.get(key);
        return value == null ? key.fallback() : (T) value;
    }

    /** Whether the key was set, to its default or otherwise. */
    public boolean isGiven(Key<?> key) {
        return given.containsKey(key);
    }

    public <T> EdgeConfig with(Key<T> key, T value) {
        Map<Key<?>, Object> more = new LinkedHashMap<>(given);
        more.put(key, value);
        return new EdgeConfig(more);
    }

    /** The same with what another one says of that key, or does not say. */
    public EdgeConfig taking(Key<?> key, EdgeConfig other) {
        Map<Key<?>, Object> all = new LinkedHashMap<>(given);
        Object value = other.given.get(key);
        if (value == null) {
            all.remove(key);
        } else {
            all.put(key, value);
        }
        return new EdgeConfig(all);
    }

    /** The keys of which another one says otherwise, in their order. */
    public List<Key<?>> differences(EdgeConfig other) {
        return Keys.ALL.stream()
                .filter(key -> !value(key).equals(other.value(key)))
                .toList();
    }

    public boolean isTls() {
        return value(Keys.CERTIFICATE).isPresent();
    }

    /** Where HTTPS is taken: nowhere without a certificate. */
    public List<ListenerAddress> httpsListen() {
        return isTls() ? value(Keys.HTTPS_LISTEN) : List.of();
    }

    /** The certificate and key that encrypted DNS shows; both or none. */
    public Optional<CertificateFiles> dnsCertificate() {
        return files(DnsTlsKeys.CERTIFICATE, DnsTlsKeys.KEY).or(() -> files(Keys.CERTIFICATE, Keys.CERTIFICATE_KEY));
    }

    private Optional<CertificateFiles> files(Key<Optional<Path>> certificate, Key<Optional<Path>> key) {
        return value(certificate).flatMap(chain -> value(key).map(own -> new CertificateFiles(chain, own)));
    }

    /** Where DNS is answered in TLS: nowhere without a certificate. */
    public List<ListenerAddress> dnsTlsListen() {
        return dnsCertificate().isPresent() ? value(DnsTlsKeys.LISTEN) : List.of();
    }

    /** Where DNS is answered over HTTPS: nowhere without a certificate. */
    public List<ListenerAddress> dnsHttpsListen() {
        return dnsCertificate().isPresent() ? value(DnsHttpsKeys.LISTEN) : List.of();
    }

    /** The addresses that proxied names answer with. */
    public Set<InetAddress> edgeAddresses() {
        Set<InetAddress> addresses = new LinkedHashSet<>(value(Keys.EDGE_ADDRESSES));
        if (addresses.isEmpty()) {
            Stream.concat(value(Keys.HTTP_LISTEN).stream(), httpsListen().stream())
                    .map(ListenerAddress::address)
                    .filter(address -> !address.isAnyLocalAddress())
                    .forEach(addresses::add);
        }
        return addresses;
    }

    /** What every zone's SOA says. */
    public Soa soa() {
        return new Soa(
                value(Keys.SOA_HOSTMASTER),
                value(Keys.SOA_TTL),
                value(Keys.SOA_REFRESH),
                value(Keys.SOA_RETRY),
                value(Keys.SOA_EXPIRE),
                value(Keys.SOA_MINIMUM));
    }

    /** Rules between keys. */
    void checkTogether(Problems problems) {
        checkNotAbove(Keys.TTL_MIN, Keys.TTL_MAX, problems);
        if (value(Keys.SOA_RETRY) > value(Keys.SOA_REFRESH)) { // RFC 1912 section 2.2; expire cannot be below refresh
            problems.add(
                    Keys.SOA_RETRY.path(),
                    value(Keys.SOA_RETRY) + " is above " + Keys.SOA_REFRESH.path() + ", which is "
                            + value(Keys.SOA_REFRESH));
        }
        checkNotAbove(FlattenKeys.TTL_MIN, FlattenKeys.TTL_MAX, problems);
        checkNotAbove(FlattenKeys.RETRY_MIN, FlattenKeys.RETRY_MAX, problems);
        checkPair(Keys.CERTIFICATE, Keys.CERTIFICATE_KEY, problems);
        checkPair(DnsTlsKeys.CERTIFICATE, DnsTlsKeys.KEY, problems);
        checkCertificate(Keys.HTTPS_LISTEN, List.of(Keys.CERTIFICATE), problems);
        checkCertificate(DnsTlsKeys.LISTEN, List.of(DnsTlsKeys.CERTIFICATE, Keys.CERTIFICATE), problems);
        checkCertificate(DnsHttpsKeys.LISTEN, List.of(DnsTlsKeys.CERTIFICATE, Keys.CERTIFICATE), problems);
        if (isGiven(DnsKeys.TCP_IDLE_MIN) && value(DnsKeys.TCP_IDLE_MIN).compareTo(value(DnsKeys.TCP_IDLE)) > 0) {
            problems.add(DnsKeys.TCP_IDLE_MIN.path(), "is longer than " + DnsKeys.TCP_IDLE.path());
        }
        checkNotAbove(ProxyKeys.HEADER_MAX, ProxyKeys.HEADERS_MAX, problems);
        if (value(AccessLogKeys.TARGET) == LogTarget.SYSLOG
                && value(AccessLogKeys.SYSLOG).isEmpty()) {
            problems.add(AccessLogKeys.TARGET.path(), "needs " + AccessLogKeys.SYSLOG.path());
        }
        if (edgeAddresses().isEmpty()) {
            problems.add(
                    Keys.EDGE_ADDRESSES.path(),
                    "expected the addresses that visitors reach, because http.listen names only 0.0.0.0 or ::");
        }
        if (value(ClusterKeys.RENEW_BEFORE).compareTo(value(ClusterKeys.CERTIFICATE_LIFETIME)) >= 0) {
            problems.add(
                    ClusterKeys.RENEW_BEFORE.path(), "must be shorter than " + ClusterKeys.CERTIFICATE_LIFETIME.path());
        }
        if (!value(ClusterKeys.MEMBERS).isEmpty() && value(ClusterKeys.MODE) != ClusterKeys.Mode.PLAIN) {
            problems.add(ClusterKeys.MEMBERS.path(), "is for " + ClusterKeys.MODE.path() + ": plain");
        }
        for (ListenerAddress listener : value(DnsHttpsKeys.CLEARTEXT_LISTEN)) {
            if (!listener.address().isLoopbackAddress()) {
                problems.add(DnsHttpsKeys.CLEARTEXT_LISTEN.path(), listener + " is not on loopback");
            }
        }
        if (value(DnsGuardKeys.COOKIE_PREVIOUS_SECRET).isPresent()
                && value(DnsGuardKeys.COOKIE_SECRET).isEmpty()) {
            problems.add(
                    DnsGuardKeys.COOKIE_PREVIOUS_SECRET.path(), "needs " + DnsGuardKeys.COOKIE_SECRET.path() + " too");
        }
        checkListeners(problems);
    }

    private void checkPair(Key<Optional<Path>> certificate, Key<Optional<Path>> key, Problems problems) {
        if (value(certificate).isPresent() != value(key).isPresent()) {
            problems.add(certificate.path(), "needs " + key.path() + ", and the other way round");
        }
    }

    /** Who names other addresses than the usual ones wants them served, which no certificate means never. */
    private void checkCertificate(
            Key<List<ListenerAddress>> listen, List<Key<Optional<Path>>> certificates, Problems problems) {
        boolean isWanted = !value(listen).isEmpty() && !value(listen).equals(listen.fallback());
        if (isWanted
                && certificates.stream()
                        .allMatch(certificate -> value(certificate).isEmpty())) {
            String needed = certificates.stream().map(Key::path).collect(Collectors.joining(" or "));
            problems.add(listen.path(), "is set, but nothing can be served there without " + needed);
        }
    }

    private <T extends Comparable<T>> void checkNotAbove(Key<T> low, Key<T> high, Problems problems) {
        if (value(low).compareTo(value(high)) > 0) {
            problems.add(low.path(), "is above " + high.path());
        }
    }

    /** No two of the TCP listeners want the same address and port. */
    private void checkListeners(Problems problems) {
        Map<String, String> taken = new LinkedHashMap<>();
        Map<Key<List<ListenerAddress>>, List<ListenerAddress>> all = new LinkedHashMap<>();
        all.put(DnsKeys.LISTEN, value(DnsKeys.LISTEN));
        all.put(DnsTlsKeys.LISTEN, dnsTlsListen());
        all.put(DnsHttpsKeys.LISTEN, dnsHttpsListen());
        all.put(DnsHttpsKeys.CLEARTEXT_LISTEN, value(DnsHttpsKeys.CLEARTEXT_LISTEN));
        all.put(Keys.HTTP_LISTEN, value(Keys.HTTP_LISTEN));
        all.put(Keys.HTTPS_LISTEN, httpsListen());
        all.put(Keys.ADMIN_LISTEN, value(Keys.ADMIN_LISTEN));
        all.forEach((key, listeners) -> {
            for (ListenerAddress listener : listeners) {
                String before = listener.port() == 0 ? null : taken.putIfAbsent(listener.toString(), key.path());
                if (before != null) {
                    problems.add(key.path(), "wants " + listener + ", which " + before + " has already");
                }
            }
        });
        value(ClusterKeys.LISTEN)
                .filter(at -> taken.containsKey(at.toString()))
                .ifPresent(at -> problems.add(
                        ClusterKeys.LISTEN.path(),
                        "wants " + at + ", which " + taken.get(at.toString()) + " has already"));
    }
}
