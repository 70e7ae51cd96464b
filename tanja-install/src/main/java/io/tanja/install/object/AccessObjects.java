package io.tanja.install.object;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import java.util.List;

/** Who the control plane is to the API server, and what it may do there. */
final class AccessObjects {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private AccessObjects() {}

    static List<HasMetadata> of(InstallOptions options) {
        Subject account = new SubjectBuilder()
                .withKind("ServiceAccount")
                .withName(Names.CONTROL)
                .withNamespace(options.namespace())
                .build();
        return List.of(
                new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(Names.CONTROL)
                        .withNamespace(options.namespace())
                        .withLabels(Names.labels())
                        .endMetadata()
                        // Only the pod that needs it mounts a token.
                        .withAutomountServiceAccountToken(false)
                        .build(),
                new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(Names.CONTROL)
                        .withLabels(Names.labels())
                        .endMetadata()
                        .withRules(Permissions.cluster().stream()
                                .map(Permission::rule)
                                .toList())
                        .build(),
                new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(Names.CONTROL)
                        .withLabels(Names.labels())
                        .endMetadata()
                        .withNewRoleRef(GROUP, "ClusterRole", Names.CONTROL)
                        .withSubjects(account)
                        .build(),
                new RoleBuilder()
                        .withNewMetadata()
                        .withName(Names.CONTROL)
                        .withNamespace(options.namespace())
                        .withLabels(Names.labels())
                        .endMetadata()
                        .withRules(Permissions.namespace().stream()
                                .map(Permission::rule)
                                .toList())
                        .build(),
                new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(Names.CONTROL)
                        .withNamespace(options.namespace())
                        .withLabels(Names.labels())
                        .endMetadata()
                        .withNewRoleRef(GROUP, "Role", Names.CONTROL)
                        .withSubjects(account)
                        .build());
    }
}
