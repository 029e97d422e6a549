package org.oicbridge.xmpp;

import java.util.ArrayList;
import java.util.List;

/**
 * An XML element of a {@code jabber:client} stream: a stanza or a part of one. Immutable. Character
 * data is one string apart from the children, since no XMPP element that is read here mixes them.
 */
public final class Element {
  /** The content namespace of a client's stream (RFC 6120 section 4.8.2). */
  public static final String CLIENT = "jabber:client";

  /** The namespace of the stream itself (RFC 6120 section 4.8.1). */
  public static final String STREAMS = "http://etherx.jabber.org/streams";

  private final String name;
  private final String namespace;
  private final List<String> attributes;
  private final List<Element> children;
  private final String text;

  private Element(Builder builder) {
    this.name = builder.name;
    this.namespace = builder.namespace;
    this.attributes = List.copyOf(builder.attributes);
    this.children = List.copyOf(builder.children);
    this.text = builder.text == null ? builder.firstText : builder.text.toString();
  }

  /** Starts an element with its local name and its namespace. */
  public static Builder named(String name, String namespace) {
    return new Builder(name, namespace);
  }

  /** The local name. */
  public String name() {
    return name;
  }

  /** The namespace, empty for none. */
  public String namespace() {
    return namespace;
  }

  /** True when the local name and the namespace are these. */
  public boolean is(String name, String namespace) {
    return this.name.equals(name) && this.namespace.equals(namespace);
  }

  /**
   * The value of an attribute without a namespace, or of {@code xml:lang} by that very name.
   * Attributes of other namespaces mean nothing in XMPP and are not kept.
   *
   * @return null when it is absent
   */
  public String attribute(String name) {
    for (int i = 0; i < attributes.size(); i += 2) {
      if (attributes.get(i).equals(name)) {
        return attributes.get(i + 1);
      }
    }
    return null;
  }

  /** The child elements in their order. */
  public List<Element> children() {
    return children;
  }

  /**
   * The first child with this local name and namespace.
   *
   * @return null when there is none
   */
  public Element child(String name, String namespace) {
    for (Element child : children) {
      if (child.is(name, namespace)) {
        return child;
      }
    }
    return null;
  }

  /** The character data that stands directly in this element, empty for none. */
  public String text() {
    return text;
  }

  /** A builder that starts as a copy of this element. */
  public Builder toBuilder() {
    Builder builder = new Builder(name, namespace).text(text);
    builder.attributes.addAll(attributes);
    builder.children.addAll(children);
    return builder;
  }

  /**
   * This element as it is written within a stream whose default namespace is {@link #CLIENT} and
   * whose prefix {@code stream} is bound to {@link #STREAMS}.
   */
  public String toXml() {
    StringBuilder out = new StringBuilder(size());
    writeTo(out);
    return out.toString();
  }

  /** About how long it is when it is written. */
  private int size() {
    int size = 64 + 2 * (name.length() + namespace.length()) + text.length();
    for (int i = 0; i < attributes.size(); i++) {
      size += attributes.get(i).length() + 2;
    }
    for (int i = 0; i < children.size(); i++) {
      size += children.get(i).size();
    }
    return size;
  }

  /** Appends what {@link #toXml()} gives. */
  public void writeTo(StringBuilder out) {
    write(out, CLIENT);
  }

  private void write(StringBuilder out, String defaultNamespace) {
    boolean ofStream = namespace.equals(STREAMS);
    String tag = ofStream ? "stream:" + name : name;
    String within = ofStream ? defaultNamespace : namespace;
    out.append('<').append(tag);
    if (!within.equals(defaultNamespace)) {
      XmlText.attribute(out, "xmlns", within);
    }
    for (int i = 0; i < attributes.size(); i += 2) {
      XmlText.attribute(out, attributes.get(i), attributes.get(i + 1));
    }
    if (text.isEmpty() && children.isEmpty()) {
      out.append("/>");
      return;
    }
    out.append('>');
    XmlText.text(out, text);
    for (Element child : children) {
      child.write(out, within);
    }
    out.append("</").append(tag).append('>');
  }

  /** Only the kind of element, for logs: what is inside may be secret. */
  @Override
  public String toString() {
    return "{" + namespace + "}" + name;
  }

  /** Collects the parts of an element. */
  public static final class Builder {
    private final String name;
    private final String namespace;
    private final List<String> attributes = new ArrayList<>();
    private final List<Element> children = new ArrayList<>();
    private String firstText = "";
    private StringBuilder text;

    private Builder(String name, String namespace) {
      this.name = name;
      this.namespace = namespace;
    }

    /** Sets an attribute; a null value leaves it out. */
    public Builder attribute(String name, String value) {
      int at = attributes.indexOf(name);
      while (at >= 0 && at % 2 != 0) {
        int next = attributes.subList(at + 1, attributes.size()).indexOf(name);
        at = next < 0 ? -1 : at + 1 + next;
      }
      if (at >= 0) {
        attributes.remove(at);
        attributes.remove(at);
      }
      if (value != null) {
        attributes.add(name);
        attributes.add(value);
      }
      return this;
    }

    /** Adds a child element. */
    public Builder child(Element child) {
      children.add(child);
      return this;
    }

    /** Adds a child element that has nothing but its name. */
    public Builder child(String name, String namespace) {
      return child(named(name, namespace).build());
    }

    /** Adds character data. */
    public Builder text(String more) {
      // Most text arrives in one piece, which then is not copied.
      if (firstText.isEmpty()) {
        firstText = more;
      } else {
        if (text == null) {
          text = new StringBuilder(firstText);
        }
        text.append(more);
      }
      return this;
    }

    /** The finished element. */
    public Element build() {
      return new Element(this);
    }
  }
}
