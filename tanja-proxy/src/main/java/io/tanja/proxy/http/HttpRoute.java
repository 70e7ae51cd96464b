package io.tanja.proxy.http;

import io.tanja.proxy.observe.RequestRecord;
import io.tanja.proxy.upstream.Upstream;
import java.util.Set;

/**
 * Decides for each request of one connection. Implemented by the inbound and the outbound path; called on the
 * connection's event loop, must not block.
 */
public interface HttpRoute {
    /**
     * Judges a request and chooses its upstream.
     *
     * @param head the request
     * @param record the request's record, to note names in
     * @param tried upstreams that earlier attempts at this request failed with; empty at the first
     */
    Admission admit(RequestHead head, RequestRecord record, Set<Upstream> tried);
}
