package io.anycastle.dns.compile;

import java.util.List;

/**
 * What is answered at and below a delegation: the child's name servers, and where in them each host's name lies.
 *
 * @param servers the NS set; its owner is patched in
 * @param hosts the servers' names in lower-case wire form, whose addresses are looked up as glue
 * @param hostAt for each of them its offset inside the set
 */
public record Referral(RrSet servers, List<byte[]> hosts, List<Integer> hostAt) {
    public Referral {
        hosts = List.copyOf(hosts);
        hostAt = List.copyOf(hostAt);
    }
}
