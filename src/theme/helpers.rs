//! The helpers of the templates, and how text becomes HTML.

use std::collections::BTreeMap;
use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, Output, RenderContext, RenderError,
    RenderErrorReason, Renderable,
};

use super::Asset;
use super::texts::{Texts, fill};
use jiedu_base::text::escape_html as escape;

/// Registers every helper.
pub(super) fn register(
    registry: &mut Handlebars<'static>,
    texts: &Arc<Texts>,
    assets: &Arc<BTreeMap<String, Asset>>,
) {
    registry.register_escape_fn(escape);
    registry.register_helper("t", Box::new(Text(Arc::clone(texts))));
    registry.register_helper("asset", Box::new(AssetPath(Arc::clone(assets))));
    registry.register_helper("day", Box::new(day));
    registry.register_helper("slot", Box::new(slot));
    registry.register_helper("quoted", Box::new(quoted));
}

/// What a template leaves where prepared HTML goes. Escaped text never holds
/// a `<`, so content cannot forge it.
pub fn slot_marker(name: &str) -> String {
    format!("<!--jiedu:slot {name}-->")
}

/// `{{t "key" name=value}}`: a text, escaped; with `{name}` filled in.
struct Text(Arc<Texts>);

impl HelperDef for Text {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let value = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("t", 0))?;
        let key = value.value().as_str().unwrap_or("");
        let text = self.0.get(key).ok_or_else(|| missing(&format!("text `{key}`")))?;
        if helper.hash().is_empty() || !text.contains('{') {
            out.write(&escape(text))?;
            return Ok(());
        }
        let values: BTreeMap<&str, String> =
            helper.hash().iter().map(|(name, value)| (*name, value.value().render())).collect();
        let filled = fill(text, |name| values.get(name).map(String::as_str));
        out.write(&escape(&filled))?;
        Ok(())
    }
}

/// `{{asset "site.css"}}`: the asset's path from the site's root.
struct AssetPath(Arc<BTreeMap<String, Asset>>);

impl HelperDef for AssetPath {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let name = argument(helper, "asset")?;
        let asset = self.0.get(&name).ok_or_else(|| missing(&format!("asset `{name}`")))?;
        out.write(&asset.path)?;
        Ok(())
    }
}

/// `{{#quoted}}…{{/quoted}}`: what the block gives, as the value of an attribute.
fn quoted<'reg, 'rc>(
    helper: &Helper<'rc>,
    registry: &'reg Handlebars<'reg>,
    context: &'rc Context,
    render: &mut RenderContext<'reg, 'rc>,
    out: &mut dyn Output,
) -> HelperResult {
    if let Some(block) = helper.template() {
        out.write(&escape(&block.renders(registry, context, render)?))?;
    }
    Ok(())
}

/// `{{day "2025-06-29"}}`: 2025年6月29日.
fn day(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let value = argument(helper, "day")?;
    let written = value
        .get(..10)
        .and_then(|day| day.parse::<jiff::civil::Date>().ok())
        .map(|day| format!("{}年{}月{}日", day.year(), day.month(), day.day()));
    out.write(&escape(written.as_deref().unwrap_or(&value)))?;
    Ok(())
}

/// `{{slot "body"}}`: where prepared HTML goes.
fn slot(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    out.write(&slot_marker(&argument(helper, "slot")?))?;
    Ok(())
}

fn argument(helper: &Helper<'_>, name: &'static str) -> Result<String, RenderError> {
    let value = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex(name, 0))?;
    if value.is_value_missing() {
        return Err(RenderErrorReason::MissingVariable(value.relative_path().cloned()).into());
    }
    Ok(value.value().render())
}

fn missing(what: &str) -> RenderError {
    RenderErrorReason::Other(format!("{what} is not there")).into()
}
