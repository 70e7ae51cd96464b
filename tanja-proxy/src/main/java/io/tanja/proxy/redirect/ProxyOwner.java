package io.tanja.proxy.redirect;

/** By what the kernel tells the proxy's own packets from the application's. */
public sealed interface ProxyOwner {
    /** What Istio's sidecars use. */
    ProxyOwner ISTIO = new User(1337, 1337);

    /**
     * The user or the group of the process.
     *
     * @param uid the user id
     * @param gid the group id
     */
    record User(int uid, int gid) implements ProxyOwner {
        /** @throws IllegalArgumentException for root: an application may well be root */
        public User {
            if (uid <= 0 || gid <= 0) {
                throw new IllegalArgumentException(
                        "the proxy's uid and gid must be above 0, are " + uid + " and " + gid);
            }
        }
    }

    /**
     * The mark on its sockets: for user namespaces in which the user id is not mapped. Setting a mark needs CAP_NET_ADMIN
     * (Linux 5.17: CAP_NET_RAW), so that an application without capabilities cannot pass for the proxy.
     *
     * @param mark above 0
     */
    record Mark(int mark) implements ProxyOwner {
        /** @throws IllegalArgumentException if the mark is not above 0 */
        public Mark {
            if (mark <= 0) {
                throw new IllegalArgumentException("the proxy's mark must be above 0, is " + mark);
            }
        }
    }
}
