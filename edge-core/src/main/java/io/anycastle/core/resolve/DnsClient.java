package io.anycastle.core.resolve;

import io.anycastle.core.model.DomainName;
import java.util.concurrent.CompletionStage;

/** Asks the DNS beyond this node. Implementations never block the caller and bound what they take from outside. Any thread. */
public interface DnsClient {
    /**
     * One question of class IN; aliases are followed, except where the type asks for the alias itself.
     *
     * @param type a record type's number, 1 to 65535, none of the query-only ones
     * @return completes with every outcome, failures among them; never exceptionally
     */
    CompletionStage<LookupResult> ask(DomainName name, int type);
}
