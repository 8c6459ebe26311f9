package io.anycastle.proxy.reply;

/** An answer of the edge's own, whole. */
public record Reply(int status, String contentType, String body) {}
