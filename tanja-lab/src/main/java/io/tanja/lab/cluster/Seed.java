package io.tanja.lab.cluster;

/** The commands of the seed document, letter by letter; only its placeholders for addresses are filled in. */
final class Seed {
    static final String MESHED = "test-istio-mtls";
    static final String OUTSIDE = "test-istio-mtls-without-injection";

    static final String ENABLE = """
            d8 k create -f -<<EOF
            apiVersion: deckhouse.io/v1alpha1
            kind: ModuleConfig
            metadata:
              name: istio
            spec:
              version: 2
              enabled: true
            EOF
            """;
    static final String NAMESPACE = """
            d8 k create namespace test-istio-mtls
            d8 k label namespace test-istio-mtls istio-injection=enabled
            d8 k label namespace test-istio-mtls security.deckhouse.io/pod-policy=privileged
            """;
    static final String PERMISSIVE = """
            d8 k -n test-istio-mtls create -f -<<EOF
            apiVersion: security.istio.io/v1beta1
            kind: PeerAuthentication
            metadata:
              name: default
            spec:
              mtls:
                mode: PERMISSIVE
            EOF
            """;
    static final String WEBSERVER =
            "d8 k -n test-istio-mtls create deployment webserver --image=docker.io/library/nginx:1.26-alpine --port 80";
    static final String EXPOSE = "d8 k -n test-istio-mtls expose deployment webserver --port=80";
    static final String PODS = "d8 k -n test-istio-mtls get pods -l app=webserver -o wide";
    static final String CLIENT =
            "d8 k -n test-istio-mtls create deployment client --image=docker.io/library/alpine:3.21 --"
                    + " /bin/sh -c \"sleep infinity\"";
    static final String REQUEST =
            "d8 k -n test-istio-mtls exec -ti deployments/client -- wget -S --spider --timeout 1 webserver";
    static final String OUTSIDE_NAMESPACE = "d8 k create namespace test-istio-mtls-without-injection";
    static final String ALPINE = "d8 k -n test-istio-mtls-without-injection create deployment alpine"
            + " --image=docker.io/library/alpine:3.21 -- /bin/sh -c \"sleep infinity\"";
    static final String OUTSIDE_REQUEST = "d8 k -n test-istio-mtls-without-injection exec -ti deployments/alpine --"
            + " wget -S --spider --timeout 1 webserver.test-istio-mtls";

    private Seed() {}

    /** What is typed on the node. */
    static String tcpdump(String address) {
        return "tcpdump -A -v -i any host " + address + " and port 80";
    }
}
