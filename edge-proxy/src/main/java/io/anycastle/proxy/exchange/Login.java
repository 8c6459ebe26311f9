package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.message.ClientConnection;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.ResponseListener;
import io.anycastle.proxy.origin.OriginMember;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.origin.OwnedConnection;
import io.anycastle.proxy.origin.ProxyHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The origin connection of a client whose login belongs to its connection (NTLM, and Negotiate as servers keep it; RFC 4559 section 6): no
 * other client's request travels on it, and both connections end together. Belongs to the client connection and its event loop.
 */
final class Login {
    private static final List<String> SCHEMES = List.of("NTLM", "Negotiate");

    private final ClientConnection owner;
    private @Nullable OriginTarget target;
    private @Nullable OwnedConnection connection;

    private Login(ClientConnection owner) {
        this.owner = owner;
    }

    /** What the client connection has, if a login was ever asked for or offered on it. */
    static Optional<Login> of(ClientConnection owner) {
        OwnOrigins own = OwnOrigins.of(owner);
        return own == null ? Optional.empty() : Optional.ofNullable(own.login);
    }

    /** From now on the client connection's requests have an origin connection to themselves. */
    static void begin(Exchange exchange) {
        ClientConnection owner = exchange.connection();
        OwnOrigins own = OwnOrigins.make(owner);
        if (own.login == null) {
            Login login = new Login(owner);
            own.login = login;
            owner.whenClosed(login::leave);
            exchange.counters().count(Event.ORIGIN_LOGINS);
        }
    }

    /** Whether a request brings such a login. */
    static boolean isOffered(Fields fields) {
        return fields.has(FieldName.AUTHORIZATION) && names(fields.values(FieldName.AUTHORIZATION));
    }

    /** Whether an answer asks for such a login. */
    static boolean isAsked(Fields fields) {
        return fields.has(FieldName.WWW_AUTHENTICATE) && names(fields.values(FieldName.WWW_AUTHENTICATE));
    }

    private static boolean names(List<String> fields) {
        for (String field : fields) {
            for (String element : field.split(",", -1)) {
                String scheme = element.strip().split("\\s", 2)[0];
                if (SCHEMES.stream().anyMatch(scheme::equalsIgnoreCase)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Lets the exchange ask the origin first that the login is with. */
    void first(Exchange exchange) {
        if (connection == null || target == null) {
            return;
        }
        for (OriginMember member : exchange.group().all()) {
            if (member.target().equals(target)) {
                List<OriginMember> ordered = new ArrayList<>(exchange.origins());
                ordered.remove(member);
                ordered.addFirst(member);
                exchange.origins(exchange.group(), ordered);
                return;
            }
        }
    }

    /** Asks on the connection to that target, which is made when there is none. */
    void request(Exchange exchange, OriginTarget wanted, ResponseListener listener) {
        OwnedConnection own = connection;
        if (own == null || !wanted.equals(target)) {
            leave();
            ProxyHeader header = wanted.sendsProxyHeader() ? ToldOrigins.header(exchange) : null;
            own = exchange.surroundings().origins().own(wanted, header, this::ended);
            target = wanted;
            connection = own;
        }
        own.request(listener);
    }

    private void leave() {
        OwnedConnection left = connection;
        connection = null; // so that its end means nothing
        if (left != null) {
            left.close();
        }
    }

    private void ended() {
        OwnedConnection own = connection;
        if (own != null && !own.isOpen()) {
            connection = null;
            owner.endSoon();
        }
    }
}
