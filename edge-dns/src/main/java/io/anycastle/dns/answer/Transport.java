package io.anycastle.dns.answer;

/** How a query came, which bounds its answer. */
public enum Transport {
    UDP,
    TCP
}
