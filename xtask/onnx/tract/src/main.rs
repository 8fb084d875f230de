//! Whether tract answers as the models do: `tract-parity FOLDER`, where `onnx_cases` wrote one folder a case.
//!
//! tract knows no `TreeEnsembleRegressor` and no `Loop`: models with these are counted and left out. All others must load
//! and give the answers that stand beside them, within the bounds of `parity.py`.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::internal::Tensor;

const TIE: f64 = 1e-6;
const SHARE: f64 = 1e-5;
const SHARES: f64 = 5e-6;
const UNREGISTERED: [&str; 2] = ["TreeEnsembleRegressor", "Loop"];

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("name the folder of the cases")?;
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let mut folders: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    folders.sort();
    let (mut passed, mut failed, mut left_out) = (0, 0, 0);
    for folder in folders {
        let case: Value = serde_json::from_slice(&fs::read(folder.join("case.json"))?)?;
        match check(&folder, &case) {
            Ok(true) => passed += 1,
            Ok(false) => left_out += 1,
            Err(error) => {
                failed += 1;
                println!("FAILED {} {}: {error}", folder.display(), case["name"]);
            }
        }
    }
    println!("{left_out} with operators that tract does not register");
    println!("{passed} passed, {failed} failed");
    if failed > 0 || passed == 0 {
        return Err("tract does not agree".into());
    }
    Ok(())
}

/// Whether tract can run the case; it agrees then.
fn check(folder: &Path, case: &Value) -> Result<bool, Failure> {
    let proto = tract_onnx::onnx().proto_model_for_path(folder.join("model.onnx"))?;
    let graph = proto.graph.as_ref().ok_or("there is no graph")?;
    if graph
        .node
        .iter()
        .any(|node| UNREGISTERED.contains(&node.op_type.as_str()))
    {
        return Ok(false);
    }
    let mut inputs: TVec<TValue> = tvec!();
    let mut model = tract_onnx::onnx().model_for_proto_model(&proto)?;
    for (place, input) in graph.input.iter().enumerate() {
        let cells = case["columns"][&input.name]
            .as_array()
            .ok_or("a column is missing")?;
        let shape = [cells.len(), 1];
        let tensor_type = input.r#type.as_ref().and_then(|kind| kind.value.as_ref());
        let is_text = matches!(tensor_type, Some(tract_onnx::pb::type_proto::Value::TensorType(tensor)) if tensor.elem_type == 8);
        let tensor = if is_text {
            let cells: Vec<String> = cells
                .iter()
                .map(|cell| cell.as_str().unwrap_or_default().to_owned())
                .collect();
            tensor1(&cells).into_shape(&shape)?
        } else {
            let cells: Vec<f64> = cells
                .iter()
                .map(|cell| cell.as_f64().unwrap_or(f64::NAN))
                .collect();
            Tensor::from_shape(&shape, &cells)?
        };
        model.set_input_fact(place, InferenceFact::dt_shape(tensor.datum_type(), shape))?;
        inputs.push(tensor.into());
    }
    let outputs = model.into_typed()?.into_runnable()?.run(inputs)?;
    compare(case, &outputs)?;
    Ok(true)
}

fn compare(case: &Value, outputs: &[TValue]) -> Result<(), Failure> {
    let numbers = |name: &str| -> Vec<f64> {
        let numbers = case["answers"][name].as_array().into_iter().flatten();
        numbers
            .map(|number| number.as_f64().unwrap_or(f64::NAN))
            .collect()
    };
    if let [values] = outputs {
        let deviation = case["deviation"].as_f64().unwrap_or(0.0);
        let found = values.to_plain_array_view::<f64>()?;
        for (row, (own, found)) in numbers("values").into_iter().zip(found.iter()).enumerate() {
            let near = (own - found).abs() <= SHARE * own.abs().max(deviation);
            if !near && own != *found {
                return Err(format!("row {row}: {found} instead of {own}").into());
            }
        }
        return Ok(());
    }
    let [labels, shares] = outputs else {
        return Err(format!("{} outputs", outputs.len()).into());
    };
    let width = case["answers"]["width"].as_u64().unwrap_or(1) as usize;
    let own = numbers("probabilities");
    let shares: Vec<f64> = shares
        .to_plain_array_view::<f64>()?
        .iter()
        .copied()
        .collect();
    let labels: Vec<String> = labels
        .to_plain_array_view::<String>()?
        .iter()
        .cloned()
        .collect();
    if shares.len() != own.len() || labels.len() * width != own.len() {
        return Err("another number of rows".into());
    }
    for (row, (own, found)) in own.chunks(width).zip(shares.chunks(width)).enumerate() {
        if !own
            .iter()
            .zip(found)
            .all(|(own, found)| (own - found).abs() <= SHARES)
        {
            return Err(format!("row {row}: {found:?} instead of {own:?}").into());
        }
        let mut sorted = own.to_vec();
        sorted.sort_unstable_by(|one, other| other.total_cmp(one));
        let tie = width > 1 && sorted[0] - sorted[1] < TIE;
        let most = own
            .iter()
            .position(|share| *share == sorted[0])
            .unwrap_or(0);
        if !tie && case["classes"][most].as_str() != Some(labels[row].as_str()) {
            return Err(format!(
                "row {row}: {} instead of {}",
                labels[row], case["classes"][most]
            )
            .into());
        }
    }
    Ok(())
}
