package io.anycastle.core.resolve;

import io.anycastle.core.model.DomainName;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the addresses of names outside our zones. Implementations never block the caller. */
public interface Resolver {
    /**
     * The name's addresses of both families, in the order to try them.
     *
     * @return at least one address; completes exceptionally when the name has none or cannot be looked up in time
     */
    CompletionStage<List<InetAddress>> resolve(DomainName name);
}
