package io.tanja.lab.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** What a client can ask of the daemon: one line of JSON each, with the verb in the field {@code verb}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "verb")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Request.Apply.class, name = "apply"),
    @JsonSubTypes.Type(value = Request.Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Request.Get.class, name = "get"),
    @JsonSubTypes.Type(value = Request.Label.class, name = "label"),
    @JsonSubTypes.Type(value = Request.Locate.class, name = "locate"),
    @JsonSubTypes.Type(value = Request.Await.class, name = "await"),
    @JsonSubTypes.Type(value = Request.Capture.class, name = "capture"),
    @JsonSubTypes.Type(value = Request.EndCapture.class, name = "endCapture"),
    @JsonSubTypes.Type(value = Request.Kill.class, name = "kill"),
    @JsonSubTypes.Type(value = Request.Restart.class, name = "restart"),
    @JsonSubTypes.Type(value = Request.Status.class, name = "status"),
    @JsonSubTypes.Type(value = Request.Down.class, name = "down"),
})
public sealed interface Request {
    /**
     * Takes objects in.
     *
     * @param text YAML or JSON
     * @param source the text's name for messages
     * @param namespace the namespace of objects that do not say theirs
     * @param create whether none of them may be there already
     */
    record Apply(String text, String source, String namespace, boolean create) implements Request {}

    /**
     * Removes objects.
     *
     * @param kind a kind's name
     * @param namespace their namespace
     * @param names their names; empty to take those that {@code selector} matches
     * @param selector equality selector, empty for none; both empty removes nothing
     */
    record Delete(String kind, String namespace, List<String> names, String selector) implements Request {}

    /**
     * Reads objects.
     *
     * @param kind a kind's name
     * @param namespace their namespace, empty for all
     * @param names their names; empty for all that {@code selector} matches
     * @param selector equality selector, empty for none
     */
    record Get(String kind, String namespace, List<String> names, String selector) implements Request {}

    /**
     * Changes labels of an object.
     *
     * @param set labels to set
     * @param remove labels to take away
     * @param overwrite whether a label that has another value already may be set
     */
    record Label(
            String kind, String namespace, String name, Map<String, String> set, List<String> remove, boolean overwrite)
            implements Request {}

    /**
     * Finds the pod that a person means.
     *
     * @param namespace its namespace
     * @param target a pod's name, {@code pod/NAME}, {@code deploy/NAME} or {@code service/NAME}
     */
    record Locate(String namespace, String target) implements Request {}

    /**
     * Waits until pods are ready.
     *
     * @param namespace their namespace, empty for all
     * @param target as for {@link Locate}; empty for every pod and deployment
     * @param timeoutMillis longest wait, milliseconds
     */
    record Await(String namespace, String target, long timeoutMillis) implements Request {}

    /**
     * Starts to capture packets on the lab's node.
     *
     * @param print whether to print the packets as text instead of writing them as they are
     * @param options further options of tcpdump
     * @param filter tcpdump's expression, as words
     * @param file where packets or text go
     */
    record Capture(boolean print, List<String> options, List<String> filter, String file) implements Request {}

    /**
     * Ends a capture.
     *
     * @param id the number that the start gave
     */
    record EndCapture(int id) implements Request {}

    /**
     * Kills a process of the mesh with SIGKILL, to see what happens.
     *
     * @param what {@code control-plane} or {@code proxy}
     * @param namespace the proxy's namespace
     * @param target the proxy's pod, as for {@link Locate}
     */
    record Kill(String what, String namespace, String target) implements Request {}

    /** Ends the control plane if it runs, and starts it again. */
    record Restart() implements Request {}

    /** Asks how the lab is. */
    record Status() implements Request {}

    /** Ends the lab. */
    record Down() implements Request {}
}
