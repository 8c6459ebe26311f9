package io.anycastle.proxy.listen;

import io.anycastle.core.model.Cidr;
import java.time.Duration;
import java.util.List;

/**
 * What a client network may send a second, on all its connections together.
 *
 * @param requestsMax requests; 0 for any number
 * @param headBytesMax octets of request heads; 0 for any number
 * @param burst so much time's worth of both may come at once; 1 s to 1 h
 * @param networksMax networks that are kept count of; 1,024 to 16,777,216
 * @param exempt networks that neither this nor the limit on connections applies to
 */
public record ClientRates(int requestsMax, int headBytesMax, Duration burst, int networksMax, List<Cidr> exempt) {
    public static final ClientRates DEFAULTS = new ClientRates(0, 0, Duration.ofSeconds(10), 65_536, List.of());

    public ClientRates {
        exempt = List.copyOf(exempt);
    }

    public boolean areLimited() {
        return requestsMax > 0 || headBytesMax > 0;
    }
}
