package io.tanja.control.ca.token;

/**
 * Whom a token stands for.
 *
 * @param namespace the namespace of service account and pod
 * @param serviceAccount the service account's name
 * @param podName the pod's name
 * @param podUid the pod's uid
 */
public record TokenSubject(String namespace, String serviceAccount, String podName, String podUid) {}
