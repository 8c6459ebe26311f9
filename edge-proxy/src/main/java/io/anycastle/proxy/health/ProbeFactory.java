package io.anycastle.proxy.health;

import io.anycastle.core.model.AddressText;
import io.anycastle.core.model.ClientCertificate;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.HealthCheck;
import io.anycastle.core.model.InvalidNameException;
import io.anycastle.core.model.OriginScheme;
import io.anycastle.core.model.OriginSettings;
import io.anycastle.core.model.OriginTlsMode;
import io.anycastle.core.model.ProxySettings;
import io.anycastle.proxy.origin.AddressMapping;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.origin.TlsPeer;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes probes of what records and their zones say. Stateless; any thread. */
final class ProbeFactory {
    private static final int PLAIN_PORT = 80;
    private static final int TLS_PORT = 443;

    private final HealthConfig config;
    private final OriginConfig origins;

    ProbeFactory(HealthConfig config, OriginConfig origins) {
        this.config = config;
        this.origins = origins;
    }

    /**
     * The probe of one of an owner's origins.
     *
     * @param zone what the owner's zone says
     * @param said what the record says, with what its zone says where it says nothing
     */
    HealthProbe probe(
            DomainName owner, ProxySettings zone, OriginSettings said, HealthCheck check, InetAddress address) {
        int port = port(said, check);
        String host = check.host().or(said::host).orElseGet(() -> hostOf(owner));
        Optional<TlsPeer> peer =
                check.type() == HealthCheck.Type.HTTPS ? Optional.of(peer(zone, said, host, owner)) : Optional.empty();
        OriginScheme scheme = scheme(check.type());
        String literal = AddressText.of(address.getAddress());
        String front = check.type().text() + "://" + (address instanceof Inet6Address ? "[" + literal + "]" : literal)
                + ":" + port;
        String text = check.type().isHttp() ? front + check.path() + " (" + host + ")" : front;
        return new HealthProbe(
                HealthProbe.key(everything(text, check, peer, said.sendsProxyHeader())),
                text,
                target(address, port, scheme, peer, host).proxyHeader(said.sendsProxyHeader()),
                check,
                host,
                seconds(check.interval(), config.interval()),
                seconds(check.timeout(), config.timeout()),
                check.retries().orElse(config.retries()));
    }

    private static Duration seconds(OptionalInt said, Duration otherwise) {
        return said.isPresent() ? Duration.ofSeconds(said.getAsInt()) : otherwise;
    }

    private static String everything(String text, HealthCheck check, Optional<TlsPeer> peer, boolean sendsProxyHeader) {
        String tls = peer.map(to -> String.join(
                        "\n",
                        to.name(),
                        Boolean.toString(to.isChecked()),
                        to.authorities().orElse(""),
                        to.shown().map(ClientCertificate::certificates).orElse("")))
                .orElse("");
        String everything =
                String.join("\n", text, check.method(), check.codes().text(), check.body(), tls);
        return sendsProxyHeader ? everything + "\nPROXY" : everything;
    }

    private int port(OriginSettings said, HealthCheck check) {
        if (check.port().isPresent()) {
            return check.port().getAsInt();
        }
        OptionalInt port = said.port().isPresent() ? said.port() : origins.port();
        return port.orElse(check.type() == HealthCheck.Type.HTTPS ? TLS_PORT : PLAIN_PORT);
    }

    private static OriginScheme scheme(HealthCheck.Type type) {
        return switch (type) {
            case HTTPS -> OriginScheme.HTTPS;
            case H2C -> OriginScheme.H2C;
            default -> OriginScheme.HTTP;
        };
    }

    private OriginTarget target(
            InetAddress address, int port, OriginScheme scheme, Optional<TlsPeer> peer, String host) {
        for (AddressMapping mapping : origins.addressMap()) {
            if (mapping.from().equals(address)) {
                return OriginTarget.of(mapping.to(), mapping.port().orElse(port), scheme, peer, Optional.of(host));
            }
        }
        return OriginTarget.of(address, port, scheme, peer, Optional.of(host));
    }

    private TlsPeer peer(ProxySettings zone, OriginSettings said, String host, DomainName owner) {
        OriginTlsMode mode = zone.tls().orElse(origins.tls());
        boolean isChecked =
                said.tlsVerify().orElse(mode.isChecked() || said.ca().isPresent());
        String name = said.sni().or(() -> nameIn(host)).orElseGet(() -> hostOf(owner));
        return new TlsPeer(name, isChecked, isChecked ? said.ca() : Optional.empty(), zone.client());
    }

    /** A wildcard stands for names below it; the one above is as good as any. */
    private static String hostOf(DomainName owner) {
        return owner.isWildcard() ? owner.parent().orElse(owner).toString() : owner.toString();
    }

    private static Optional<String> nameIn(String host) {
        int colon = host.lastIndexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        boolean isAddress = name.isEmpty()
                || name.indexOf(':') >= 0
                || name.startsWith("[")
                || Character.isDigit(name.charAt(name.length() - 1));
        try {
            return isAddress
                    ? Optional.empty()
                    : Optional.of(DomainName.of(name).toString().toLowerCase(Locale.ROOT));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
