package io.tanja.lab.sandbox;

import java.util.List;

/**
 * A program that the lab needs from the machine.
 *
 * @param program its name
 * @param debianPackage the package of Debian and Ubuntu that has it
 * @param purpose what for
 */
public record Requirement(String program, String debianPackage, String purpose) {
    /** All that a lab needs. */
    public static final List<Requirement> ALL = List.of(
            new Requirement("unshare", "util-linux", "private namespaces"),
            new Requirement("nsenter", "util-linux", "entering pods"),
            new Requirement("setpriv", "util-linux", "dropping privileges"),
            new Requirement("setsid", "util-linux", "running in the background"),
            new Requirement("mount", "mount", "pods' own files"),
            new Requirement("ip", "iproute2", "network interfaces"),
            new Requirement("nft", "nftables", "redirect and service addresses"),
            new Requirement("tcpdump", "tcpdump", "capturing packets"),
            new Requirement("nginx", "nginx-light", "the image nginx"),
            new Requirement("wget", "wget", "requests from pods"));
}
