package io.anycastle.app.api;

import java.util.Map;

/** The other nodes of the cluster, as far as their logs are followed here. */
@FunctionalInterface
public interface TailPeers {
    /** What each answers to a {@link io.anycastle.proxy.log.TailQuestion}, by node. Who does not answer is left out. Blocks. */
    Map<String, byte[]> ask(byte[] question);
}
