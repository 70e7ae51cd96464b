package io.tanja.lab.sandbox;

import org.jspecify.annotations.Nullable;

/**
 * What the daemon is told when it starts; travels as one JSON argument.
 *
 * @param name the lab's name
 * @param folder the state folder
 * @param uid the numeric id of the user who starts the lab; 0 makes it a lab of root
 * @param owned whether the lab ends when its standard input does, that is when its owner dies
 * @param images the file with the user's own images
 * @param trustDomain the mesh's trust domain
 * @param leafSeconds lifetime of workload certificates, seconds
 * @param training whether each sidecar records its start, to write an AOT cache when it ends
 * @param sidecar what sidecars run, null for the lab's own program
 */
public record LabSettings(
        String name,
        String folder,
        int uid,
        boolean owned,
        String images,
        String trustDomain,
        long leafSeconds,
        boolean training,
        @Nullable SidecarProgram sidecar) {
    /** Whether root's means are there. */
    public boolean root() {
        return uid == 0;
    }
}
