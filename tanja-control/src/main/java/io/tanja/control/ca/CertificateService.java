package io.tanja.control.ca;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tanja.model.identity.Quote;
import io.tanja.pki.ca.CertificateAuthority;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.ca.IssuedChain;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import io.tanja.xds.proto.istio.auth.IstioCertificateResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Istio's CA service ({@code security/v1alpha1/ca.proto}, {@code security/pkg/server/ca/server.go}): a certificate for
 * whom the caller was authenticated as, whatever its request says. Must stand behind {@link AuthenticationInterceptor}.
 */
public final class CertificateService implements BindableService {
    /** The one method, as the wire names it. */
    static final MethodDescriptor<IstioCertificateRequest, IstioCertificateResponse> CREATE_CERTIFICATE =
            MethodDescriptor.<IstioCertificateRequest, IstioCertificateResponse>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("istio.v1.auth.IstioCertificateService/CreateCertificate")
                    .setRequestMarshaller(ProtoLiteUtils.marshaller(IstioCertificateRequest.getDefaultInstance()))
                    .setResponseMarshaller(ProtoLiteUtils.marshaller(IstioCertificateResponse.getDefaultInstance()))
                    .build();

    private static final String IMPERSONATED_IDENTITY = "ImpersonatedIdentity";
    private static final Logger LOG = LoggerFactory.getLogger(CertificateService.class);
    private static final Logger AUDIT = LoggerFactory.getLogger("io.tanja.audit.certificates");

    private final CertificateAuthority authority;
    private final InstantSource clock;

    /**
     * @param authority what issues
     * @param clock the time of issue
     */
    public CertificateService(CertificateAuthority authority, InstantSource clock) {
        this.authority = authority;
        this.clock = clock;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder("istio.v1.auth.IstioCertificateService")
                .addMethod(CREATE_CERTIFICATE, ServerCalls.asyncUnaryCall(this::createCertificate))
                .build();
    }

    private void createCertificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> response) {
        try {
            IstioCertificateResponse issued = issue(request, AuthenticationInterceptor.currentCaller());
            response.onNext(issued);
            response.onCompleted();
        } catch (StatusException e) {
            response.onError(e);
        }
    }

    private IstioCertificateResponse issue(IstioCertificateRequest request, Caller caller) throws StatusException {
        if (request.getMetadata().containsFields(IMPERSONATED_IDENTITY)) {
            // Answering with the caller's own identity would be wrong: node proxies ask for that of their pods.
            LOG.warn("certificate refused: identity={} reason=\"impersonation is not allowed\"", caller.identity());
            throw AuthenticationInterceptor.opaque().asException();
        }
        ByteString csr = request.getCsrBytes();
        Duration lifetime = Duration.ofSeconds(request.getValidityDuration());
        try {
            IssuedChain issued = authority.issue(csr.toByteArray(), caller.identity(), lifetime, clock.instant());
            audit(caller, issued);
            return IstioCertificateResponse.newBuilder()
                    .addAllCertChain(issued.asIstioChain())
                    .build();
        } catch (IssuanceException e) {
            LOG.warn(
                    "certificate refused: identity={} pod={} cause={} reason=\"{}\"",
                    caller.identity(),
                    pod(caller.pod()),
                    e.reason().label(),
                    e.getMessage());
            Status status = e.reason().callersFault() ? Status.INVALID_ARGUMENT : Status.UNAVAILABLE;
            throw status.withDescription(e.getMessage()).asException();
        }
    }

    private static void audit(Caller caller, IssuedChain issued) {
        AUDIT.info(
                "certificate issued: identity={} serial={} notAfter={} pod={}",
                caller.identity(),
                issued.serial().toString(16),
                issued.notAfter(),
                pod(caller.pod()));
    }

    private static String pod(@Nullable PodReference pod) {
        return pod == null ? "-" : Quote.printable(pod.name()) + "/" + Quote.printable(pod.uid());
    }
}
