package io.anycastle.app.cluster;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Map;

/** What the tunnel asks of the node it belongs to; the answers change while it runs. Any thread. */
interface MembershipView {
    NodeName self();

    MemberList memberList();

    /** The key and certificates to show. */
    ClusterTls.Shown shown();

    /** The authorities to believe. */
    Collection<X509Certificate> trusted();

    /** The documents about the network. */
    Map<String, String> documents();
}
